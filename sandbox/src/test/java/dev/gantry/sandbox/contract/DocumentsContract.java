package dev.gantry.sandbox.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.DocumentDescription;
import software.amazon.awssdk.services.ssm.model.DocumentFormat;
import software.amazon.awssdk.services.ssm.model.DocumentHashType;
import software.amazon.awssdk.services.ssm.model.DocumentType;
import software.amazon.awssdk.services.ssm.model.GetDocumentResponse;
import software.amazon.awssdk.services.ssm.model.InvalidDocumentException;
import software.amazon.awssdk.services.ssm.model.SsmException;

/** Command documents with their versions (Systems Manager API reference, CreateDocument to DeleteDocument). */
abstract class DocumentsContract {
    private SsmClient ssm;
    private final String name = Endpoint.freshName("document");

    @BeforeEach
    void create(Endpoint endpoint) {
        ssm = endpoint.ssm();
        ssm.createDocument(b -> b.name(name)
                .content(content("first"))
                .documentType(DocumentType.COMMAND)
                .documentFormat(DocumentFormat.JSON));
    }

    @AfterEach
    void delete() {
        try {
            ssm.deleteDocument(b -> b.name(name));
        } catch (InvalidDocumentException e) {
            // The test has deleted it.
        }
    }

    private static String content(String word) {
        return """
                {"schemaVersion": "2.2", "description": "%1$s",
                 "parameters": {"Who": {"type": "String", "default": "me", "allowedPattern": "^[a-z]+$"}},
                 "mainSteps": [{"action": "aws:runShellScript", "name": "say",
                                "inputs": {"runCommand": ["echo %1$s {{ Who }}"]}}]}
                """
                .formatted(word);
    }

    private DocumentDescription describe() {
        return ssm.describeDocument(b -> b.name(name)).document();
    }

    private String update(String word) {
        return ssm.updateDocument(b -> b.name(name).content(content(word)).documentVersion("$LATEST"))
                .documentDescription()
                .documentVersion();
    }

    private GetDocumentResponse get(String version) {
        return ssm.getDocument(b -> b.name(name).documentVersion(version));
    }

    private static void assertRefused(String code, Executable call) {
        SsmException refused = assertThrows(SsmException.class, call);
        assertEquals(
                "400 " + code,
                refused.statusCode() + " " + refused.awsErrorDetails().errorCode());
    }

    @Test
    void aNewDocumentIsActiveAndItsFirstVersionTheDefault() {
        DocumentDescription document = describe();

        assertEquals("Active", document.statusAsString());
        assertEquals(
                "Command 2.2 JSON",
                document.documentTypeAsString() + " " + document.schemaVersion() + " "
                        + document.documentFormatAsString());
        assertEquals(
                "1 1 1", document.documentVersion() + " " + document.latestVersion() + " " + document.defaultVersion());
        assertEquals("Who", document.parameters().get(0).name());
    }

    @Test
    void theHashIsThatOfTheContent() throws Exception {
        byte[] digest =
                MessageDigest.getInstance("SHA-256").digest(content("first").getBytes(StandardCharsets.UTF_8));

        assertEquals(DocumentHashType.SHA256, describe().hashType());
        assertEquals(HexFormat.of().formatHex(digest), describe().hash());
    }

    @Test
    void anUpdateIsTheLatestVersionAndLeavesTheDefaultAlone() {
        assertEquals("2", update("second"));

        assertEquals("1 2", describe().defaultVersion() + " " + describe().latestVersion());
        assertEquals("1", get("$DEFAULT").documentVersion());
        assertEquals("2", get("$LATEST").documentVersion());
    }

    @Test
    void eachVersionKeepsItsContent() {
        update("second");

        assertTrue(get("1").content().contains("echo first"), get("1").content());
        assertTrue(get("2").content().contains("echo second"), get("2").content());
        assertTrue(ssm.getDocument(b -> b.name(name)).content().contains("echo first"));
    }

    @Test
    void theDefaultIsWhatWasMadeTheDefault() {
        update("second");

        ssm.updateDocumentDefaultVersion(b -> b.name(name).documentVersion("2"));

        assertEquals("2", describe().defaultVersion());
        assertEquals("2", get("$DEFAULT").documentVersion());
    }

    @Test
    void aNameIsTakenOnce() {
        assertRefused(
                "DocumentAlreadyExists",
                () -> ssm.createDocument(
                        b -> b.name(name).content(content("other")).documentType(DocumentType.COMMAND)));
    }

    @Test
    void theSameContentIsNoNewVersion() {
        assertRefused("DuplicateDocumentContent", () -> update("first"));
    }

    @Test
    void contentThatIsNoDocumentIsRefused() {
        assertRefused(
                "InvalidDocumentContent",
                () -> ssm.createDocument(b -> b.name(Endpoint.freshName("broken"))
                        .content("{\"schemaVersion\": \"2.2\"")
                        .documentType(DocumentType.COMMAND)));
    }

    @Test
    void aVersionThatIsNotThereIsRefused() {
        assertRefused("InvalidDocumentVersion", () -> get("7"));
        assertRefused(
                "InvalidDocumentVersion",
                () -> ssm.updateDocumentDefaultVersion(b -> b.name(name).documentVersion("7")));
    }

    @Test
    void aDocumentThatIsDeletedOrNeverWasIsUnknown() {
        ssm.deleteDocument(b -> b.name(name));

        assertRefused("InvalidDocument", this::describe);
        assertRefused("InvalidDocument", () -> get("1"));
        assertRefused("InvalidDocument", () -> update("second"));
        assertRefused("InvalidDocument", () -> ssm.deleteDocument(b -> b.name(name)));
    }
}
