package dev.gantry.system.faults;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Finds the cases. Reference launches show at which calls to kill. */
final class Catalogue {
    private final Consumer<String> progress;

    Catalogue(Consumer<String> progress) {
        this.progress = progress;
    }

    /** Every case. */
    List<FaultCase> all() throws IOException, InterruptedException {
        List<FaultCase> cases = new ArrayList<>(kills());
        cases.addAll(written());
        return cases;
    }

    /** The cases that need no reference launch. */
    static List<FaultCase> written() {
        List<FaultCase> cases = new ArrayList<>(RunCases.all());
        cases.addAll(AnswerCases.all());
        cases.addAll(MessageCases.all());
        return cases;
    }

    /** The case of that name. */
    static FaultCase named(String name) {
        return name.startsWith("kill/")
                ? KillCases.named(name)
                : written().stream()
                        .filter(one -> one.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("there is no case " + name));
    }

    private List<FaultCase> kills() throws IOException, InterruptedException {
        List<FaultCase> cases = new ArrayList<>();
        try (Bench bench = Bench.open(Bench.QUICK)) {
            Map<Journey, List<CallPoint>> calls = new EnumMap<>(Journey.class);
            for (Journey journey : Journey.values()) {
                calls.put(journey, KillCases.reference(bench, journey, "reference-" + journey.word()));
                progress.accept("reference launch '" + journey.word() + "': "
                        + calls.get(journey).size() + " calls");
                List<CallPoint> others = journey == Journey.EVENTS ? List.of() : calls.get(Journey.EVENTS);
                cases.addAll(KillCases.of(journey, calls.get(journey), others));
            }
            List<CallPoint> proposal = KillCases.proposal(bench, "reference-" + KillCases.PROPOSAL);
            progress.accept("reference proposal: " + proposal.size() + " calls");
            cases.addAll(KillCases.ofProposal(proposal));
        }
        return cases;
    }

    /** One journey's kills. */
    List<FaultCase> kills(Journey journey) throws IOException, InterruptedException {
        try (Bench bench = Bench.open(Bench.QUICK)) {
            List<CallPoint> calls = KillCases.reference(bench, journey, "reference-" + journey.word());
            progress.accept("reference launch '" + journey.word() + "': " + calls.size() + " calls");
            return KillCases.of(journey, calls, List.of());
        }
    }
}
