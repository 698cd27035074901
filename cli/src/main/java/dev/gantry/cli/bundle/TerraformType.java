package dev.gantry.cli.bundle;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The names in the object type that a Terraform variable declares. */
final class TerraformType {
    private static final Pattern COMMENT = Pattern.compile("#[^\\n]*");
    private static final Pattern WORD = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"|[A-Za-z_][\\w-]*|[-\\d.]+|\\S");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_].*");
    private static final List<String> OPTIONAL = List.of("optional", "(");
    private static final List<String> OBJECT = List.of("object", "(", "{");

    private TerraformType() {}

    /**
     * The names of the variable's type.
     *
     * @param text a file of Terraform
     */
    static Names of(String text, String variable) {
        String declared = after(after(text, "variable \"" + variable + "\""), "type = ");
        return object(WORD.matcher(COMMENT.matcher(declared).replaceAll(""))
                .results()
                .map(MatchResult::group)
                .toList());
    }

    private static String after(String text, String mark) {
        int at = text.indexOf(mark);
        return at < 0 ? "" : text.substring(at + mark.length());
    }

    /** Reads a type from the beginning of the words; anything where it is no object. */
    private static Names object(List<String> words) {
        if (begins(words, OPTIONAL)) {
            return object(words.subList(OPTIONAL.size(), words.size()));
        } else if (!begins(words, OBJECT)) {
            return Names.ANYTHING;
        }
        Map<String, Names> known = new TreeMap<>();
        int depth = 0;
        for (int at = OBJECT.size(); at < words.size() && depth >= 0; at++) {
            String word = words.get(at);
            depth += "({[".contains(word) ? 1 : 0;
            depth -= ")}]".contains(word) ? 1 : 0;
            boolean isField = depth == 0
                    && at + 1 < words.size()
                    && words.get(at + 1).equals("=")
                    && NAME.matcher(word).matches();
            if (isField) {
                known.put(word, object(words.subList(at + 2, words.size())));
            }
        }
        return new Names(known);
    }

    private static boolean begins(List<String> words, List<String> with) {
        return words.size() >= with.size() && words.subList(0, with.size()).equals(with);
    }
}
