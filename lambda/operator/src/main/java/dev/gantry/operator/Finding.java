package dev.gantry.operator;

/**
 * One thing that was checked.
 *
 * @param where the resource
 * @param what what is wrong there; for what is well, what was found
 * @param mend how to repair it; empty for what is well
 */
public record Finding(Kind kind, String where, String what, String mend) {
    /** The result of the check. */
    public enum Kind {
        /** As it must be. */
        WELL,
        /** Wrong: instances wait, or will. */
        WRONG,
        /** It could not be read, so its state is not known. */
        UNREAD
    }

    static Finding well(String where, String what) {
        return new Finding(Kind.WELL, where, what, "");
    }

    static Finding wrong(String where, String what, String mend) {
        return new Finding(Kind.WRONG, where, what, mend);
    }

    static Finding unread(String where, String why) {
        return new Finding(Kind.UNREAD, where, why, "");
    }
}
