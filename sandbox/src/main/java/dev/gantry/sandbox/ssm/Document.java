package dev.gantry.sandbox.ssm;

import dev.gantry.sandbox.wire.AwsError;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A document with its versions, one of which is the default. Changed only under the lock of {@link Documents}. */
final class Document {
    final String name;
    final String owner;
    private final List<DocumentVersion> versions = new ArrayList<>();
    private final Map<String, String> tags = new TreeMap<>();
    private int defaultVersion = 1;

    Document(String name, String owner, DocumentVersion first) {
        this.name = name;
        this.owner = owner;
        versions.add(first);
    }

    Map<String, String> tags() {
        return tags;
    }

    List<DocumentVersion> versions() {
        return Collections.unmodifiableList(versions);
    }

    DocumentVersion latest() {
        return versions.get(versions.size() - 1);
    }

    int defaultVersion() {
        return defaultVersion;
    }

    void add(DocumentVersion version) {
        versions.add(version);
    }

    void makeDefault(int number) {
        defaultVersion = version(String.valueOf(number)).number();
    }

    void remove(DocumentVersion version) {
        versions.remove(version);
    }

    /** @param selector {@code $DEFAULT}, {@code $LATEST} or a number */
    DocumentVersion version(String selector) {
        if (selector.equals("$LATEST")) {
            return latest();
        }
        String number = selector.equals("$DEFAULT") ? String.valueOf(defaultVersion) : selector;
        return versions.stream()
                .filter(version -> String.valueOf(version.number()).equals(number))
                .findFirst()
                .orElseThrow(() -> AwsError.badRequest(
                        "InvalidDocumentVersion",
                        "The document version " + selector + " isn't valid or doesn't exist for document " + name
                                + "."));
    }
}
