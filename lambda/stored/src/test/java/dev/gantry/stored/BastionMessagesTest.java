package dev.gantry.stored;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gantry.launch.fleet.Document;
import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.port.Bastion.BastionQuestion;
import dev.gantry.launch.port.Commands.RunOrder;
import dev.gantry.launch.stay.Question;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Questions to the bastion's function, and the options of a run on any channel. */
class BastionMessagesTest {
    private static final Fleet FLEET = Samples.fleet(
            new FleetName("web/eu 1"),
            new Document(Document.HARDENED, "3", Optional.empty(), true, Map.of("Forks", "5")));
    private static final RunOrder ORDER = new RunOrder(FLEET, Samples.BUNDLE, Samples.RUN, 1);
    private static final String SHA = Samples.BUNDLE.sha256();

    private final BastionMessages messages =
            new BastionMessages(new DocumentOptions(new BundleUrls("eu-central-1", "amazonaws.com", "bucket")));

    private String of(Question question) {
        return messages.of(new BastionQuestion(question, ORDER, Samples.instance(1), Samples.NOW));
    }

    private static String head(String ask) {
        return "{\"format\":1,\"ask\":\"" + ask + "\",\"fleet\":\"web/eu 1\",\"instance\":\"i-00000000000000001\","
                + "\"run\":\"run-0123456789abcdef\",\"at\":\"2026-01-31T12:00:00Z\"";
    }

    @Test
    void aStartSaysWhatIsToBeRunAndWhereItsBundleIs() {
        assertEquals(
                head("start") + ",\"options\":{\"BundleSha256\":\"" + SHA + "\",\"RunId\":\"run-0123456789abcdef\","
                        + "\"DiagnosticsUri\":\"https://s3.eu-central-1.amazonaws.com/bucket/diagnostics/web%252Feu%25201\","
                        + "\"InstallDependencies\":\"False\",\"PlaybookFile\":\"playbook.yml\","
                        + "\"ExtraVariables\":\"SSM=True gantry_bundle=" + SHA + "\",\"Check\":\"False\","
                        + "\"Verbose\":\"-v\",\"TimeoutSeconds\":\""
                        + Policy.DEFAULT.runTimeout().toSeconds() + "\",\"Forks\":\"5\"},"
                        + "\"bundle\":\"bundles/web%2Feu%201/" + SHA + ".zip\"}",
                of(Question.START));
    }

    @Test
    void theOtherQuestionsNameTheRunAlone() {
        assertEquals(head("status") + "}", of(Question.STATUS));
        assertEquals(head("cancel") + "}", of(Question.CANCEL));
    }

    @ParameterizedTest
    @EnumSource(Question.class)
    void eachQuestionIsKnownByItsWord(Question question) {
        assertEquals(Optional.of(question), BastionMessages.question(BastionMessages.word(question)));
    }

    @Test
    void anotherWordIsNoQuestion() {
        assertEquals(Optional.empty(), BastionMessages.question("START"));
        assertEquals(Optional.empty(), BastionMessages.question(""));
    }

    @ParameterizedTest
    @CsvSource({"true, True", "false, False"})
    void dependenciesAreInstalledIfTheSettingsSaySo(boolean isWanted, String option) {
        Fleet fleet = new Fleet(
                Samples.WEB, Fleet.DEFAULT_HOOK, FLEET.document(), "site.yml", "", isWanted, "-vv", Policy.DEFAULT);

        Map<String, String> options = DocumentOptions.common(new RunOrder(fleet, Samples.BUNDLE, Samples.RUN, 1));

        assertEquals(option, options.get("InstallDependencies"));
        assertEquals("gantry_bundle=" + SHA, options.get("ExtraVariables"), "nothing comes before it");
    }
}
