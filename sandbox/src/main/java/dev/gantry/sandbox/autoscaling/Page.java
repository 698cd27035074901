package dev.gantry.sandbox.autoscaling;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One page of an ordered list. The token names the last key that was given, so that nothing is skipped or repeated
 * where items come and go between two pages.
 *
 * @param next the token for the rest; empty on the last page
 */
record Page<T>(List<T> items, Optional<String> next) {
    private static final String MARK = "gantry-sandbox:";

    static <T> Page<T> of(List<T> all, Function<T, String> key, int size, Optional<String> token) {
        Optional<String> after = token.map(Page::decoded);
        List<T> rest = all.stream()
                .sorted(Comparator.comparing(key))
                .filter(item ->
                        after.map(last -> key.apply(item).compareTo(last) > 0).orElse(true))
                .toList();
        List<T> items = rest.subList(0, Math.min(size, rest.size()));
        Optional<String> next =
                rest.size() > size ? Optional.of(encoded(key.apply(items.get(items.size() - 1)))) : Optional.empty();
        return new Page<>(items, next);
    }

    private static String encoded(String key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString((MARK + key).getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String token) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            if (text.startsWith(MARK)) {
                return text.substring(MARK.length());
            }
        } catch (IllegalArgumentException e) {
            throw Faults.invalidNextToken(token);
        }
        throw Faults.invalidNextToken(token);
    }
}
