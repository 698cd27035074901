package dev.gantry.sandbox.agent;

import dev.gantry.sandbox.agent.AgentCorpus.Result;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** What scripts/dev/agent-corpus runs: a file of documents, and the file of those that lie on the machine. */
final class AgentCorpusMain {
    private static final int DIFFERENT = 1;
    private static final int UNREADABLE = 2;
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private static final PrintStream ERR = new PrintStream(System.err, true, StandardCharsets.UTF_8);

    private AgentCorpusMain() {}

    public static void main(String[] files) throws InterruptedException {
        System.exit(run(Path.of(files[0]), Path.of(files[1])));
    }

    private static int run(Path documents, Path inner) throws InterruptedException {
        List<Result> results;
        try {
            results = new AgentCorpus(inner).run(CorpusRow.read(documents));
        } catch (IOException e) {
            ERR.println("agent-corpus: " + e.getMessage());
            return UNREADABLE;
        }
        for (Result result : results) {
            result.differences().forEach(difference -> OUT.println(result.row().name() + ": " + difference));
            if (!result.differences().isEmpty()) {
                OUT.println("  " + result.reason().map(why -> "kept: " + why).orElse("NO REASON IN THE KEPT LIST"));
            }
        }
        long different = results.stream()
                .filter(result -> !result.differences().isEmpty())
                .count();
        long unexplained = results.stream().filter(Result::isUnexplained).count();
        OUT.printf(
                "%d documents: %d end as with the real agent, %d differ for a reason that is kept, %d for none.%n",
                results.size(), results.size() - different, different - unexplained, unexplained);
        return unexplained == 0 ? 0 : DIFFERENT;
    }
}
