package dev.gantry.cli.console;

import dev.gantry.cli.console.page.InstanceSeen;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.stay.Failure;
import dev.gantry.operator.Explanation;
import dev.gantry.operator.Explanation.Mood;
import dev.gantry.operator.FleetLine;
import dev.gantry.operator.LaunchLine;
import dev.gantry.operator.RunOutput;
import dev.gantry.operator.Span;
import java.util.List;
import java.util.Optional;

/** The same hostile text in every field that comes from outside: a group's name, a task's, a message, an output. */
final class Hostile {
    static final InstanceId ID = new InstanceId("i-0badbadbadbadbad0");

    private Hostile() {}

    static FleetLine fleet(String words) {
        return new FleetLine(
                new FleetName(words),
                "enforce",
                new FleetLine.Bundles(Optional.of(words), Optional.of(words), 1, words),
                new FleetLine.Counts(1, 1, Optional.of(1)),
                Optional.empty(),
                Optional.of(true),
                List.of(words));
    }

    static LaunchLine launch(String words) {
        return new LaunchLine(
                new FleetName(words),
                ID,
                new LaunchLine.Step(Optional.of(words), words),
                Mood.BAD,
                new LaunchLine.Term(
                        Optional.of(SampleWorld.NOW.minusSeconds(100)),
                        Optional.empty(),
                        Optional.of(SampleWorld.NOW.minusSeconds(10))),
                words,
                List.of(new Span(
                        Span.Kind.RUN,
                        SampleWorld.NOW.minusSeconds(90),
                        Optional.of(SampleWorld.NOW.minusSeconds(20)),
                        words,
                        Mood.BAD)));
    }

    static InstanceSeen output(String words) {
        Explanation told = new Explanation(
                new Explanation.Subject(ID, Optional.of(new FleetName(words)), Optional.of(words), SampleWorld.NOW),
                new Explanation.Standing(Mood.BAD, words, Optional.of(words), words),
                Optional.empty(),
                List.of(new Explanation.Moment(Optional.of(SampleWorld.NOW), words, words, Mood.BAD)),
                Optional.of(new Failure(words, Optional.of(words), words, 1, words)),
                List.of(new Explanation.Exhibit(words, words), new Explanation.Exhibit("command", words)),
                List.of(new Explanation.NextStep(words, Optional.of(words))),
                List.of(words));
        RunOutput output =
                RunOutput.of(words, true, "TASK [" + words + "] ***\nfatal: " + words + "\n", Optional.of(words));
        return new InstanceSeen(told, Optional.of(launch(words)), Optional.of(output));
    }
}
