package dev.gantry.system.faults;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One call of a function within a journey.
 *
 * @param function the function's name, for example {@code gantry-sweep}
 * @param call the operation, for S3 with the kind of object: {@code PutObject launches}
 * @param ordinal the number of this call among the function's calls of its kind, from 1
 */
record CallPoint(String function, String call, int ordinal) {
    private static final Pattern OBJECT = Pattern.compile("/[^/]+/([a-z]+)/.*?(settings|release)?(\\.json)?");
    private static final Pattern NAME = Pattern.compile("([A-Za-z0-9]+(?:-[a-z]+)?)-([0-9]{1,3})");

    /** The call's kind: the operation, and the kind of its object, if it has one. */
    static String kind(String service, String operation, String path) {
        Matcher object = OBJECT.matcher(path);
        if (!service.equals("s3") || !object.matches()) {
            return operation;
        }
        return operation + " " + (object.group(2) == null ? object.group(1) : object.group(2));
    }

    /** Its form in a case's name, for example {@code PutObject-launches-2}. */
    String name() {
        return call.replace(' ', '-') + "-" + ordinal;
    }

    /** The point of that name. */
    static CallPoint of(String function, String name) {
        Matcher parts = NAME.matcher(name);
        if (!parts.matches()) {
            throw new IllegalArgumentException(name + " is not a call and its number, as PutObject-launches-2 is");
        }
        return new CallPoint(function, parts.group(1).replace('-', ' '), Integer.parseInt(parts.group(2)));
    }
}
