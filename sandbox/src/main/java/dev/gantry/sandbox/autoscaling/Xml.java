package dev.gantry.sandbox.autoscaling;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Writes the XML of an answer, escaped. */
final class Xml {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final StringBuilder out = new StringBuilder();

    static String time(Instant instant) {
        return TIME.format(instant);
    }

    Xml text(String name, String value) {
        out.append('<').append(name).append('>');
        escape(value);
        out.append("</").append(name).append('>');
        return this;
    }

    Xml text(String name, Optional<String> value) {
        value.ifPresent(v -> text(name, v));
        return this;
    }

    Xml number(String name, int value) {
        return text(name, Integer.toString(value));
    }

    Xml flag(String name, boolean value) {
        return text(name, Boolean.toString(value));
    }

    Xml moment(String name, Instant value) {
        return text(name, time(value));
    }

    Xml structure(String name, Runnable inner) {
        out.append('<').append(name).append('>');
        inner.run();
        out.append("</").append(name).append('>');
        return this;
    }

    <T> Xml list(String name, List<T> items, BiConsumer<Xml, T> item) {
        return structure(name, () -> items.forEach(i -> structure("member", () -> item.accept(this, i))));
    }

    Xml texts(String name, List<String> items) {
        return structure(name, () -> items.forEach(i -> text("member", i)));
    }

    @Override
    public String toString() {
        return out.toString();
    }

    private void escape(String value) {
        value.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\r' -> out.append("&#13;");
                default -> out.appendCodePoint(c);
            }
        });
    }
}
