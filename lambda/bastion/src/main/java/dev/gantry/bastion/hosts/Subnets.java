package dev.gantry.bastion.hosts;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The subnets (IPv4, in CIDR notation) that must contain the addresses of instances and bastion: an address comes from an
 * object that the machine itself wrote, and the function must not connect to any other address.
 *
 * <p>Refuses what is not a subnet's address with an {@link IllegalArgumentException}.
 */
public final class Subnets {
    private static final Pattern CIDR = Pattern.compile("([0-9.]{7,15})/([0-9]{1,2})");
    private static final Pattern OCTET = Pattern.compile("0|[1-9][0-9]{0,2}");

    private final List<Subnet> subnets;

    private record Subnet(int network, int mask) {}

    private Subnets(List<Subnet> subnets) {
        this.subnets = subnets;
    }

    /** Reads subnets separated by commas, such as {@code 10.0.1.0/24,10.0.2.0/24}. */
    public static Subnets of(String text) {
        List<Subnet> subnets = new ArrayList<>();
        for (String cidr : text.split(",", -1)) {
            subnets.add(subnet(cidr.strip()));
        }
        return new Subnets(List.copyOf(subnets));
    }

    private static Subnet subnet(String cidr) {
        Matcher matcher = CIDR.matcher(cidr);
        OptionalInt network = matcher.matches() ? address(matcher.group(1)) : OptionalInt.empty();
        int length = matcher.matches() ? Integer.parseInt(matcher.group(2)) : -1;
        if (network.isEmpty() || length < 8 || length > 32) {
            throw new IllegalArgumentException(
                    "not a subnet: '" + cidr + "' (expected IPv4 like 10.0.1.0/24, of /8 to /32)");
        }
        int mask = -1 << (32 - length);
        if ((network.getAsInt() & ~mask) != 0) {
            throw new IllegalArgumentException("not a subnet: '" + cidr + "' has bits behind its prefix");
        }
        return new Subnet(network.getAsInt(), mask);
    }

    /** Whether the text is an IPv4 address, in its usual form of four decimal numbers, in one of them. */
    public boolean contain(String text) {
        OptionalInt address = address(text);
        return address.isPresent()
                && subnets.stream().anyMatch(subnet -> (address.getAsInt() & subnet.mask()) == subnet.network());
    }

    /** Without {@code InetAddress}: that would resolve a name, and takes forms like 0177.1 and 2130706433. */
    private static OptionalInt address(String text) {
        String[] octets = text.split("\\.", -1);
        if (octets.length != 4) {
            return OptionalInt.empty();
        }
        int address = 0;
        for (String octet : octets) {
            if (!OCTET.matcher(octet).matches() || Integer.parseInt(octet) > 255) {
                return OptionalInt.empty();
            }
            address = address << 8 | Integer.parseInt(octet);
        }
        return OptionalInt.of(address);
    }
}
