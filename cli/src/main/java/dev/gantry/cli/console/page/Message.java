package dev.gantry.cli.console.page;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** What programs are told where there is nothing else. */
final class Message {
    private Message() {}

    static String form(String title, String words) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("form", "gantry.message/1")
                .put("title", title)
                .put("message", words)
                .toString();
    }
}
