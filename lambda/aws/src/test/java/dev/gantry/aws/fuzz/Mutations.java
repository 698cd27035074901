package dev.gantry.aws.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Inputs made from a corpus by a seed: bytes changed, cut, doubled, and pieces of one input within another. Unlike Jazzer it
 * does not see coverage, but it needs no agent, and so runs on every JDK with every build.
 */
final class Mutations {
    private static final int STEPS = 4;
    private static final List<byte[]> WORDS = words(
            "\"",
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "null",
            "true",
            "0",
            "-1",
            "1e999",
            "99999999999999999999",
            "9".repeat(1_001),
            "[".repeat(1_001),
            "{\"a\":".repeat(1_001),
            "\\ud800",
            "\\u0000",
            "\n",
            "\n%%\n",
            "%",
            "%zz",
            "=",
            "&",
            "../",
            "\u0000",
            "\u2028",
            "\ud83d\ude00",
            "+1000000000-12-31T23:59:59Z",
            "i-0123456789abcdef0",
            "=> {");

    private final Random random;
    private final List<byte[]> corpus;

    Mutations(long seed, List<byte[]> corpus) {
        this.random = new Random(seed);
        this.corpus = corpus;
    }

    private static List<byte[]> words(String... words) {
        return Arrays.stream(words)
                .map(word -> word.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    byte[] next() {
        byte[] input = any(corpus);
        for (int step = random.nextInt(STEPS); step >= 0; step--) {
            input = step(input);
        }
        return input;
    }

    private byte[] step(byte[] input) {
        int from = random.nextInt(input.length + 1);
        int to = from + random.nextInt(input.length - from + 1);
        return switch (random.nextInt(6)) {
            case 0 -> spliced(input, from, to, new byte[0]);
            case 1 -> spliced(input, from, from, any(WORDS));
            case 2 -> spliced(input, from, to, any(WORDS));
            case 3 -> spliced(input, to, to, Arrays.copyOfRange(input, from, to));
            case 4 -> spliced(input, from, to, slice(any(corpus)));
            default -> flipped(input);
        };
    }

    private byte[] slice(byte[] other) {
        int from = random.nextInt(other.length + 1);
        return Arrays.copyOfRange(other, from, from + random.nextInt(other.length - from + 1));
    }

    private byte[] flipped(byte[] input) {
        byte[] changed = input.clone();
        if (changed.length > 0) {
            changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
        }
        return changed;
    }

    private byte[] any(List<byte[]> many) {
        return many.get(random.nextInt(many.size()));
    }

    /** Replaces the bytes from {@code from} to {@code to}. */
    private static byte[] spliced(byte[] input, int from, int to, byte[] piece) {
        byte[] result = new byte[from + piece.length + input.length - to];
        System.arraycopy(input, 0, result, 0, from);
        System.arraycopy(piece, 0, result, from, piece.length);
        System.arraycopy(input, to, result, from + piece.length, input.length - to);
        return result;
    }
}
