package dev.gantry.function.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.reconcile.Look;
import dev.gantry.launch.stay.Gate;
import dev.gantry.launch.stay.Hint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignalParserTest {
    private static final InstanceId INSTANCE = new InstanceId("i-0123456789abcdef0");
    private static final String COMMAND = "e8d3c0e4-71f7-4491-898f-c9b35bee5f3b";
    private static final String EVENTBRIDGE = "AIDAIENQZJOLO23YVJ4VO";
    private static final String AN_INSTANCE = "AROAEXAMPLEID:i-0123456789abcdef0";

    private final SignalParser parser = new SignalParser();

    @ParameterizedTest
    @CsvSource({
        "launch-lifecycle-action.json, 2026-01-02T03:04:05Z",
        "hook-notification.json, 2026-01-02T03:04:05.678Z",
        "sns-notification.json, 2026-01-02T03:04:05.678Z"
    })
    void aLaunchIsALookWithTheHooksNameTheTokenAndTheTime(String file, String time) {
        Hint hint = new Hint(
                "87654321-4321-4321-4321-210987654321",
                Instant.parse(time),
                Optional.of(Gate.SERVICE),
                Optional.of(new FleetName("web")));
        assertEquals(new Signal.Launching(Look.waiting(INSTANCE, "gantry", hint)), parse(file));
    }

    @ParameterizedTest
    @CsvSource({"WarmPool, WARM", "AutoScalingGroup, SERVICE", "Elsewhere,", "'',"})
    void theDestinationTellsTheGateAndAnUnknownOneNothing(String destination, Gate gate) {
        String body = text("launch-lifecycle-action.json").replace("\"AutoScalingGroup\"", '"' + destination + '"');
        Signal.Launching signal = assertInstanceOf(Signal.Launching.class, parser.parse(body, EVENTBRIDGE));
        assertEquals(
                Optional.ofNullable(gate), signal.look().hint().orElseThrow().gate());
    }

    @Test
    void anEndedInvocationIsALookThatKnowsTheCommand() {
        assertEquals(new Signal.LookAt(Look.ended(INSTANCE, COMMAND)), parse("invocation-status-change.json"));
    }

    @Test
    void anEndedCommandAsksForItsInstances() {
        assertEquals(new Signal.CommandEnded(COMMAND), parse("command-status-change.json"));
    }

    @Test
    void anInterruptionOfASpotInstanceIsALookThatKnowsItsTime() {
        Look interrupted = Look.interrupted(INSTANCE, Instant.parse("2026-01-02T03:04:05Z"));
        assertEquals(new Signal.LookAt(interrupted), parse("spot-interruption-warning.json"));
    }

    @Test
    void anAnnouncementIsALook() {
        assertEquals(new Signal.LookAt(Look.at(INSTANCE)), parse("announcement.json"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"test-notification.json", "terminate-lifecycle-action.json"})
    void aKnownMessageThatIsNoLaunchIsAcknowledged(String file) {
        assertInstanceOf(Signal.Nothing.class, parse(file));
    }

    @Test
    void anEnvelopeOfSnsIsOpenedOnceAndTrustedAsMuchAsItsSender() {
        String inner = text("announcement.json").replace("\"", "\\\"").replace("\n", "");
        String envelope = "{\"Type\":\"Notification\",\"TopicArn\":\"arn:aws:sns:x\",\"Message\":\"" + inner + "\"}";
        assertEquals(new Signal.LookAt(Look.at(INSTANCE)), parser.parse(envelope, "AIDAEXAMPLESNS"));
        assertInstanceOf(Signal.Malformed.class, parser.parse(envelope, "AROAEXAMPLEID:i-0aaaaaaaaaaaaaaaa"));

        String text = "{\"Type\":\"Notification\",\"TopicArn\":\"arn:aws:sns:x\",\"Message\":\"hello\"}";
        assertInstanceOf(Signal.Malformed.class, parser.parse(text, EVENTBRIDGE));
        String confirmation = "{\"Type\":\"SubscriptionConfirmation\",\"TopicArn\":\"arn:aws:sns:x\",\"Token\":\"t\"}";
        assertInstanceOf(Signal.Nothing.class, parser.parse(confirmation, EVENTBRIDGE));
    }

    @Test
    void anUnknownDetailTypeIsAcknowledgedAndNamed() {
        Signal signal = parser.parse("{\"source\": \"aws.ec2\", \"detail-type\": \"Something New\"}", EVENTBRIDGE);
        assertTrue(assertInstanceOf(Signal.Nothing.class, signal).why().contains("aws.ec2 / Something New"));
    }

    @Test
    void aManagedNodeThatIsNoInstanceIsAcknowledged() {
        String event =
                text("invocation-status-change.json").replace("\"i-0123456789abcdef0\"", "\"mi-0123456789abcdef0\"");
        assertInstanceOf(Signal.Nothing.class, parser.parse(event, EVENTBRIDGE));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "not json at all                                  | not JSON",
                "{\"source\":                                     | not JSON",
                "[]                                               | not a JSON object",
                "42                                               | not a JSON object",
                "{}                                               | source",
                "{\"source\": 7, \"detail-type\": \"x\"}          | source",
                "{\"source\": \"aws.ssm\"}                        | detail-type",
            })
    void whatCannotBeReadIsMalformedAndNamesTheField(String body, String named) {
        assertMalformed(parser.parse(body, EVENTBRIDGE), named);
    }

    @Test
    void aNotificationOfATerminationIsAcknowledged() {
        String notification =
                text("hook-notification.json").replace("EC2_INSTANCE_LAUNCHING", "EC2_INSTANCE_TERMINATING");

        Signal.Nothing nothing = assertInstanceOf(Signal.Nothing.class, parser.parse(notification, EVENTBRIDGE));
        assertTrue(nothing.why().contains("EC2_INSTANCE_TERMINATING"), nothing.why());
    }

    @Test
    void aBlankFieldIsAsGoodAsNone() {
        String event = text("launch-lifecycle-action.json").replace("\"gantry\"", "\" \"");
        assertMalformed(parser.parse(event, EVENTBRIDGE), "detail.LifecycleHookName is missing");
    }

    /** A message without its sender cannot come from SQS: it stands for an unexpected defect. */
    @Test
    void aDefectInReadingConcernsItsMessageAlone() {
        assertMalformed(parser.parse("{}", null), "a defect in Gantry");
    }

    @Test
    void anEmptyMessageIsMalformed() {
        assertMalformed(parser.parse("", EVENTBRIDGE), "not a JSON object");
    }

    @ParameterizedTest
    @CsvSource({
        "launch-lifecycle-action.json, i-0123456789abcdef0, i-12",
        "launch-lifecycle-action.json, i-0123456789abcdef0, ../../etc",
        "launch-lifecycle-action.json, EC2InstanceId, Other",
    })
    void aBadInstanceIdIsMalformed(String file, String from, String to) {
        assertMalformed(parser.parse(text(file).replace(from, to), EVENTBRIDGE), "detail.EC2InstanceId");
    }

    @Test
    void aBadInstanceIdOfABareNotificationIsNamedWithItsField() {
        String notification = text("hook-notification.json").replace("i-0123456789abcdef0", "i-12");
        assertMalformed(parser.parse(notification, EVENTBRIDGE), "EC2InstanceId is not an EC2 instance id");
        assertFalse(parser.parse(notification, EVENTBRIDGE).toString().contains("detail."));
    }

    @Test
    void aWrongTypeIsMalformedAndNamed() {
        String event = text("launch-lifecycle-action.json").replace("\"gantry\"", "{\"a\": 1}");
        assertMalformed(parser.parse(event, EVENTBRIDGE), "detail.LifecycleHookName");
    }

    @Test
    void aDetailThatIsNoObjectIsMalformed() {
        String event =
                "{\"source\": \"aws.ssm\", \"detail-type\": \"EC2 Command Status-change Notification\", \"detail\": []}";
        assertMalformed(parser.parse(event, EVENTBRIDGE), "detail");
    }

    @Test
    void textThatIsNoTimeIsMalformed() {
        String event = text("launch-lifecycle-action.json").replace("2026-01-02T03:04:05Z", "yesterday");
        assertMalformed(parser.parse(event, EVENTBRIDGE), "time");
    }

    @Test
    void textThatIsNoCommandIdIsMalformed() {
        String event = text("command-status-change.json").replace(COMMAND, "$(reboot)");
        assertMalformed(parser.parse(event, EVENTBRIDGE), "detail.command-id");
    }

    @Test
    void anInstanceIsBelievedOnlyAboutItself() {
        assertEquals(new Signal.LookAt(Look.at(INSTANCE)), parser.parse(text("announcement.json"), AN_INSTANCE));
        String aboutAnother = text("announcement.json").replace("i-0123456789abcdef0", "i-0fedcba9876543210");
        assertMalformed(parser.parse(aboutAnother, AN_INSTANCE), "announced another one");
    }

    @Test
    void aMessageOfAnInstanceIsNeverALaunchEvent() {
        Signal signal = parser.parse(text("launch-lifecycle-action.json"), AN_INSTANCE);
        assertEquals(new Signal.LookAt(Look.at(INSTANCE)), signal);
    }

    private Signal parse(String file) {
        return parser.parse(text(file), EVENTBRIDGE);
    }

    private static void assertMalformed(Signal signal, String named) {
        String why = assertInstanceOf(Signal.Malformed.class, signal).why();
        assertTrue(why.contains(named), why);
    }

    private static String text(String file) {
        try (InputStream in = Objects.requireNonNull(SignalParserTest.class.getResourceAsStream("/events/" + file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
