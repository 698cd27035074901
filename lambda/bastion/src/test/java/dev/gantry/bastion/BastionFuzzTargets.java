package dev.gantry.bastion;

import dev.gantry.aws.fuzz.FuzzTarget;
import dev.gantry.aws.fuzz.FuzzTargets;
import dev.gantry.aws.fuzz.Holds;
import dev.gantry.aws.fuzz.Parts;
import dev.gantry.bastion.hosts.HostsFuzz;
import dev.gantry.bastion.keys.KeysFuzz;
import dev.gantry.bastion.message.Message;
import dev.gantry.bastion.message.MessageParser;
import dev.gantry.bastion.message.Outcome;
import dev.gantry.bastion.message.ReplyParser;
import dev.gantry.bastion.message.StartRequest;
import dev.gantry.bastion.message.State;
import dev.gantry.bastion.testing.Samples;
import dev.gantry.launch.stay.Question;
import dev.gantry.stored.Fields;
import dev.gantry.stored.Json;
import dev.gantry.stored.Unreadable;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What the bastion's function reads: messages, an instance's answer over SSH, objects that machines wrote, its own keys. */
public final class BastionFuzzTargets implements FuzzTargets {
    private static final Message ASKED = MessageParser.parse(Samples.message("status"));

    @Override
    public List<FuzzTarget> all() {
        return List.of(
                new FuzzTarget(
                        "bastion-message",
                        "a message to the bastion's function",
                        List.of(MessageParser.class, Fields.class, Json.class),
                        BastionFuzzTargets::message),
                new FuzzTarget(
                        "bastion-reply",
                        "what an instance prints over SSH",
                        List.of(ReplyParser.class),
                        BastionFuzzTargets::reply),
                new FuzzTarget(
                        "bastion-host", "what a machine writes about itself", HostsFuzz.parsers(), HostsFuzz::take),
                new FuzzTarget("bastion-keys", "the function's own key ring", KeysFuzz.parsers(), KeysFuzz::take));
    }

    private static void message(byte[] input) {
        Message message;
        try {
            message = MessageParser.parse(Parts.text(input));
        } catch (Unreadable refused) {
            Holds.that(!String.valueOf(refused.getMessage()).isBlank(), "refused without a reason");
            return;
        }
        Holds.equal(message.ask() == Question.START, message.start().isPresent(), "only a start has options");
        message.start().ifPresent(start -> lines(message, start));
    }

    /** Each option is one line, and the last line marks the end. */
    private static void lines(Message message, StartRequest start) {
        String text = new String(start.lines("bucket", message.instance()), StandardCharsets.UTF_8);
        int beside = 3;
        Holds.equal((long) start.options().size() + beside, text.lines().count(), "lines of " + text);
        Holds.that(text.endsWith("\nEnd=" + message.run() + "\n"), "a start without its end: " + text);
    }

    /** No output of an instance leads to an exception, and only a line about this run is believed. */
    private static void reply(byte[] input) {
        Outcome outcome = new ReplyParser(ASKED).parse(input, false, "", 0);
        Holds.that(outcome.state() != State.RETRYABLE, "an instance's output is never a failed exchange");
        if (outcome.state() != State.MISCONFIGURED) {
            Fields line = Json.message(input);
            Holds.equal(ASKED.run().value(), line.text("run"), "another run was believed");
            Holds.equal(ASKED.instance().value(), line.text("instance"), "another instance was believed");
        }
        Holds.equal(outcome.state() == State.ENDED, outcome.result().isPresent(), "only an end has a result");
        outcome.tail()
                .ifPresent(tail -> Holds.that(
                        tail.getBytes(StandardCharsets.UTF_8).length <= 8 * 1024, "a tail of " + tail.length()));
    }
}
