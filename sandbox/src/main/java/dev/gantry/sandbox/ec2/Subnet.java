package dev.gantry.sandbox.ec2;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A /24 of private addresses that nothing on this machine uses: neither an address nor a route overlaps it. The host is
 * {@code .1}.
 *
 * @param prefix the first three numbers, for example {@code 10.77.0}
 */
record Subnet(String prefix) {
    private static final Pattern NETWORK = Pattern.compile("\\b(\\d+)\\.(\\d+)\\.(\\d+)\\.(\\d+)(?:/(\\d+))?");
    private static final int FIRST = 77;
    private static final int CANDIDATES = 100;

    /** @throws IOException where no candidate is free */
    static Subnet free() throws IOException {
        return free(
                Host.must("ip", "-4", "route", "show", "table", "all") + Host.must("ip", "-4", "-o", "addr", "show"));
    }

    static Subnet free(String routesAndAddresses) throws IOException {
        List<long[]> used = NETWORK.matcher(routesAndAddresses)
                .results()
                .map(found -> range(found.group(), found.group(5)))
                .toList();
        Optional<String> free = IntStream.range(0, CANDIDATES)
                .mapToObj(number -> "10." + (FIRST + number) + ".0")
                .filter(prefix -> used.stream().noneMatch(range -> overlaps(range, range(prefix + ".0", "24"))))
                .findFirst();
        return new Subnet(free.orElseThrow(() -> new IOException(
                "No subnet of 10.77.0.0/24 to 10.176.0.0/24 is free: the machine's routes cover them all.")));
    }

    String host() {
        return prefix + ".1";
    }

    /** @param number 0 to 249 */
    String address(int number) {
        return prefix + "." + (number + 4);
    }

    private static long[] range(String network, String bits) {
        Matcher parts = NETWORK.matcher(network);
        if (!parts.find()) {
            throw new IllegalArgumentException("no network: " + network);
        }
        long first = 0;
        for (int group = 1; group <= 4; group++) {
            first = first * 256 + Long.parseLong(parts.group(group));
        }
        int length = bits == null ? 32 : Integer.parseInt(bits);
        long size = 1L << (32 - length);
        // 0.0.0.0/0 covers everything and means nothing here: the default route.
        return length == 0 ? new long[] {0, 0} : new long[] {first / size * size, first / size * size + size - 1};
    }

    private static boolean overlaps(long[] one, long[] other) {
        return one[0] <= other[1] && other[0] <= one[1];
    }
}
