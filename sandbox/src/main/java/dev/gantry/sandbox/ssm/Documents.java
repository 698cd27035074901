package dev.gantry.sandbox.ssm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.wire.AwsError;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The documents of the account and those that AWS owns, with the API over them. Limits from the model and the quotas
 * page: 500 documents, 1,000 versions each, 50 a page.
 */
final class Documents {
    static final Pattern REFERENCE = Pattern.compile("^[a-zA-Z0-9_\\-.:/]{3,128}$");
    static final Pattern VERSION = Pattern.compile("([$]LATEST|[$]DEFAULT|^[1-9][0-9]*$)");
    private static final Pattern NAME = Pattern.compile("^[a-zA-Z0-9_\\-.]{3,128}$");
    private static final Pattern VERSION_NAME = Pattern.compile("^[a-zA-Z0-9_\\-.]{1,128}$");
    private static final List<String> RESERVED = List.of("aws", "amazon", "amzn");
    private static final int MAX_DOCUMENTS = 500;
    private static final int MAX_VERSIONS = 1000;
    private static final String AMAZON = "Amazon";

    private final SsmOptions options;
    private final InstantSource clock;
    private final Map<String, Document> documents = new TreeMap<>();

    Documents(SsmOptions options, InstantSource clock) {
        this.options = options;
        this.clock = clock;
    }

    /** Adds a document that AWS owns: it cannot be changed through the API. */
    synchronized void addOwnedByAws(String name, String content) {
        documents.put(name, new Document(name, AMAZON, version(1, Optional.empty(), content)));
    }

    synchronized ObjectNode create(JsonNode input) {
        Check check = new Check(input).matches("Name", NAME).matches("VersionName", VERSION_NAME);
        String name = check.required("Name");
        String content = check.required("Content");
        if (RESERVED.stream().anyMatch(name.toLowerCase(Locale.ROOT)::startsWith)) {
            throw AwsError.badRequest(
                    "ValidationException", "Document names can't begin with aws, amazon or amzn: they are reserved.");
        }
        if (!check.optional("DocumentType").orElse("Command").equals("Command")) {
            throw invalidContent("The sandbox keeps Command documents only.");
        }
        refuseYaml(check);
        if (documents.containsKey(name)) {
            throw AwsError.badRequest("DocumentAlreadyExists", "Document with same name " + name + " already exists");
        }
        if (documents.size() >= MAX_DOCUMENTS) {
            throw AwsError.badRequest("DocumentLimitExceeded", "You can have at most 500 active SSM documents.");
        }
        Document document = new Document(name, options.account(), version(1, check.optional("VersionName"), content));
        document.tags().putAll(DocumentTags.of(input));
        documents.put(name, document);
        return description("DocumentDescription", document, document.latest());
    }

    /** Changes a document's tags, or reads them. */
    synchronized <T> T tags(String name, Function<Document, T> use) {
        return use.apply(find(name));
    }

    synchronized ObjectNode update(JsonNode input) {
        Check check = new Check(input)
                .matches("Name", NAME)
                .matches("VersionName", VERSION_NAME)
                .matches("DocumentVersion", VERSION);
        String content = check.required("Content");
        Document document = own(check.required("Name"));
        refuseYaml(check);
        document.version(check.optional("DocumentVersion").orElse("$LATEST"));
        DocumentVersion next = version(document.latest().number() + 1, check.optional("VersionName"), content);
        refuseDuplicates(document, next);
        document.add(next);
        return description("DocumentDescription", document, next);
    }

    synchronized ObjectNode updateDefault(JsonNode input) {
        Check check =
                new Check(input).matches("Name", NAME).matches("DocumentVersion", Pattern.compile("^[1-9][0-9]*$"));
        Document document = own(check.required("Name"));
        document.makeDefault(document.version(check.required("DocumentVersion")).number());
        ObjectNode output = Json.object();
        ObjectNode description = output.putObject("Description").put("Name", document.name);
        description.put("DefaultVersion", String.valueOf(document.defaultVersion()));
        document.version("$DEFAULT").versionName().ifPresent(name -> description.put("DefaultVersionName", name));
        return output;
    }

    synchronized ObjectNode describe(JsonNode input) {
        Document document = referenced(input);
        return description("Document", document, selected(document, input));
    }

    synchronized ObjectNode get(JsonNode input) {
        Document document = referenced(input);
        DocumentVersion version = selected(document, input);
        if (Json.text(input, "DocumentFormat").orElse("JSON").equals("YAML")) {
            throw invalidContent("The sandbox writes documents in JSON only.");
        }
        ObjectNode output = Json.object()
                .put("Name", document.name)
                .put("CreatedDate", Json.seconds(version.created()))
                .put("DocumentVersion", String.valueOf(version.number()))
                .put("Status", "Active")
                .put("Content", version.content())
                .put("DocumentType", "Command")
                .put("DocumentFormat", "JSON");
        version.versionName().ifPresent(name -> output.put("VersionName", name));
        return output;
    }

    synchronized ObjectNode list(JsonNode input) {
        new Check(input).range("MaxResults", 1, 50).size("Filters", 0, 6).size("DocumentFilterList", 1, 5);
        Predicate<Document> wanted = DocumentFilters.parse(input, options.account());
        ObjectNode output = Json.object();
        List<ObjectNode> found = documents.values().stream()
                .filter(wanted)
                .map(document -> identifier(document, document.version("$DEFAULT")))
                .toList();
        Page.fill(output, "DocumentIdentifiers", found, input, 10);
        return output;
    }

    synchronized ObjectNode delete(JsonNode input) {
        Check check = new Check(input).matches("Name", NAME).matches("DocumentVersion", VERSION);
        Document document = own(check.required("Name"));
        Optional<String> selector = check.optional("DocumentVersion");
        if (selector.isEmpty()) {
            documents.remove(document.name);
            return Json.object();
        }
        DocumentVersion version = document.version(selector.get());
        if (version.number() == document.defaultVersion()) {
            throw AwsError.badRequest(
                    "InvalidDocumentOperation",
                    "You can't delete the default version of document " + document.name
                            + "; make another version the default first.");
        }
        document.remove(version);
        return Json.object();
    }

    /** What SendCommand runs. */
    synchronized Selected select(String reference, String selector) {
        Document document = find(reference);
        return new Selected(document.name, document.version(selector));
    }

    /** A document and one of its versions. */
    record Selected(String name, DocumentVersion version) {}

    private DocumentVersion version(int number, Optional<String> versionName, String content) {
        return new DocumentVersion(number, versionName, content, DocumentRules.parse(content), now());
    }

    private Instant now() {
        return clock.instant();
    }

    private static void refuseDuplicates(Document document, DocumentVersion next) {
        if (document.versions().size() >= MAX_VERSIONS) {
            throw AwsError.badRequest(
                    "DocumentVersionLimitExceeded", "The document has too many versions; delete one and try again.");
        }
        if (document.latest().content().equals(next.content())) {
            throw AwsError.badRequest(
                    "DuplicateDocumentContent",
                    "The content of the association document matches another document. Change the content of the"
                            + " document and try again.");
        }
        boolean sameName = next.versionName().isPresent()
                && document.versions().stream()
                        .anyMatch(version -> version.versionName().equals(next.versionName()));
        if (sameName) {
            throw AwsError.badRequest(
                    "DuplicateDocumentVersionName", "The version name has already been used in this document.");
        }
    }

    private static void refuseYaml(Check check) {
        if (!check.optional("DocumentFormat").orElse("JSON").equals("JSON")) {
            throw invalidContent("The sandbox reads documents in JSON only; convert the document first.");
        }
    }

    private static AwsError invalidContent(String why) {
        return AwsError.badRequest("InvalidDocumentContent", why);
    }

    private Document referenced(JsonNode input) {
        Check check = new Check(input).matches("Name", REFERENCE).matches("DocumentVersion", VERSION);
        return find(check.required("Name"));
    }

    private static DocumentVersion selected(Document document, JsonNode input) {
        Optional<String> named = Json.text(input, "VersionName");
        if (named.isEmpty()) {
            return document.version(Json.text(input, "DocumentVersion").orElse("$DEFAULT"));
        }
        return document.versions().stream()
                .filter(version -> version.versionName().equals(named))
                .findFirst()
                .orElseThrow(() -> AwsError.badRequest(
                        "InvalidDocumentVersion", "No version of the document is named " + named.get() + "."));
    }

    /** A document by its name or its ARN. */
    private Document find(String reference) {
        String name = reference.startsWith("arn:") ? reference.substring(reference.indexOf('/') + 1) : reference;
        return Optional.ofNullable(documents.get(name))
                .orElseThrow(() ->
                        AwsError.badRequest("InvalidDocument", "Document with name " + name + " does not exist."));
    }

    private Document own(String name) {
        Document document = find(name);
        if (document.owner.equals(AMAZON)) {
            throw AwsError.badRequest(
                    "InvalidDocument", "Document " + name + " is owned by Amazon; you can't change it.");
        }
        return document;
    }

    private ObjectNode description(String member, Document document, DocumentVersion version) {
        ObjectNode output = Json.object();
        ObjectNode node = identifier(document, version)
                .put("Hash", version.hash("Sha256"))
                .put("HashType", "Sha256")
                .put("Status", "Active")
                .put("LatestVersion", String.valueOf(document.latest().number()))
                .put("DefaultVersion", String.valueOf(document.defaultVersion()));
        Json.text(version.parsed(), "description").ifPresent(text -> node.put("Description", text));
        node.set(
                "Parameters", Json.nodes(DocumentParameters.of(version.parsed()).describe()));
        output.set(member, node);
        return output;
    }

    private static ObjectNode identifier(Document document, DocumentVersion version) {
        ObjectNode node = Json.object()
                .put("Name", document.name)
                .put("CreatedDate", Json.seconds(version.created()))
                .put("Owner", document.owner)
                .put("DocumentVersion", String.valueOf(version.number()))
                .put("DocumentType", "Command")
                .put("SchemaVersion", version.parsed().path("schemaVersion").asText())
                .put("DocumentFormat", "JSON");
        version.versionName().ifPresent(name -> node.put("VersionName", name));
        node.putArray("PlatformTypes").add("Linux").add("MacOS");
        node.set("Tags", DocumentTags.shown(document));
        return node;
    }
}
