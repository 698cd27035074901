package dev.gantry.cli.account;

/** Ranges of IPv4 addresses. */
final class Cidr {
    private static final int BITS = 32;

    private Cidr() {}

    /** Whether the range contains the address; false if either text is malformed. */
    static boolean contains(String range, String address) {
        if (!range.matches("[0-9.]+/[0-9]{1,2}") || address == null || !address.matches("[0-9]+(\\.[0-9]+){3}")) {
            return false;
        }
        int bits = Integer.parseInt(range.substring(range.indexOf('/') + 1));
        long mask = bits == 0 ? 0 : -1L << (BITS - bits);
        return (number(range.substring(0, range.indexOf('/'))) & mask) == (number(address) & mask);
    }

    private static long number(String address) {
        long number = 0;
        for (String part : address.split("\\.", -1)) {
            number = number * 256 + Integer.parseInt(part);
        }
        return number;
    }
}
