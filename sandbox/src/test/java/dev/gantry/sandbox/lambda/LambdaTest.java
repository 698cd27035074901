package dev.gantry.sandbox.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.sandbox.Clients;
import dev.gantry.sandbox.Sandbox;
import dev.gantry.sandbox.testing.HandTimers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LogType;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;

@Timeout(1200)
class LambdaTest {
    private static final HandTimers TIMERS = new HandTimers();
    private static final Heard HEARD = new Heard();

    @TempDir
    static Path directory;

    private static Sandbox sandbox;
    private static LambdaClient lambda;

    @BeforeAll
    static void start() throws IOException {
        sandbox = Sandbox.builder().timers(TIMERS).logs(HEARD).start();
        Path zip = ProbeZip.in(directory);
        sandbox.cloud().lambda().deploy(ProbeZip.function(zip, "probe", Optional.of(2)));
        sandbox.cloud().lambda().deploy(ProbeZip.function(zip, "lonely", Optional.of(1)));
        lambda = Clients.of(sandbox).lambda();
    }

    @AfterAll
    static void stop() {
        lambda.close();
        sandbox.close();
    }

    @BeforeEach
    void forget() {
        HEARD.forget();
    }

    private static InvokeResponse invoke(String payload) {
        return lambda.invoke(b -> b.functionName("probe").payload(SdkBytes.fromUtf8String(payload)));
    }

    @Test
    void anInvocationReturnsWhatTheHandlerReturned() {
        InvokeResponse response = invoke("{\"a\":1}");
        assertEquals("{\"a\":1}", response.payload().asUtf8String());
        assertEquals("$LATEST", response.executedVersion());
        assertEquals(200, response.statusCode());
    }

    @Test
    void anIdleEnvironmentIsUsedAgain() {
        int first =
                Integer.parseInt(invoke("{\"do\":\"please-count\"}").payload().asUtf8String());
        int second =
                Integer.parseInt(invoke("{\"do\":\"please-count\"}").payload().asUtf8String());
        assertEquals(first + 1, second);
    }

    @Test
    void aFunctionGetsLambdasVariablesAndNoneOfThisMachine() {
        String told = invoke("{\"do\":\"please-tell\"}").payload().asUtf8String();
        assertTrue(told.contains("arn:aws:lambda:eu-central-1:111122223333:function:probe"), told);
        assertTrue(told.contains("PROBE_VARIABLE=set"), told);
        assertTrue(told.contains("AWS_ENDPOINT_URL=" + sandbox.endpoint()), told);
        assertTrue(told.contains("AWS_REGION=eu-central-1"), told);
        assertTrue(!told.contains("HOME="), told);
    }

    @Test
    void anExceptionIsAnUnhandledErrorAndTheEnvironmentLives() {
        InvokeResponse failed = invoke("{\"do\":\"please-throw\"}");
        assertEquals("Unhandled", failed.functionError());
        assertTrue(failed.payload().asUtf8String().contains("\"errorMessage\":\"asked to throw\""));
        assertTrue(failed.payload().asUtf8String().contains("java.lang.IllegalStateException"));
        assertEquals(null, invoke("{}").functionError());
    }

    @Test
    void aProcessThatExitsIsAnErrorAndTheNextInvocationGetsAnother() {
        InvokeResponse failed = invoke("{\"do\":\"please-exit\"}");
        assertEquals("Unhandled", failed.functionError());
        String payload = failed.payload().asUtf8String();
        assertTrue(payload.contains("Runtime.ExitError"), payload);
        assertTrue(payload.contains("exit status 7"), payload);
        assertEquals("1", invoke("{\"do\":\"please-count\"}").payload().asUtf8String());
    }

    @Test
    void aTimeoutKillsTheProcess() throws Exception {
        CompletableFuture<InvokeResponse> hanging =
                CompletableFuture.supplyAsync(() -> invoke("{\"do\":\"please-hang\"}"));
        HEARD.next("EVENT {\"do\":\"please-hang\"}");
        TIMERS.advance(Duration.ofMinutes(1));
        String payload = hanging.get().payload().asUtf8String();
        assertTrue(payload.contains("Sandbox.Timedout"), payload);
        assertTrue(payload.contains("Task timed out after 60.00 seconds"), payload);
        assertEquals(null, invoke("{}").functionError());
    }

    @Test
    void anEnvironmentIsKilledByItsAccessKeyAndTheNextInvocationGetsAnother() throws Exception {
        String key = accessKey();
        CompletableFuture<InvokeResponse> hanging =
                CompletableFuture.supplyAsync(() -> invoke("{\"do\":\"please-hang\"}"));
        HEARD.next("EVENT {\"do\":\"please-hang\"}");
        assertTrue(sandbox.cloud().lambda().kill(key));
        String payload = hanging.get().payload().asUtf8String();
        assertTrue(payload.contains("Runtime.ExitError"), payload);
        assertTrue(payload.contains("signal: killed"), payload);
        assertEquals("1", invoke("{\"do\":\"please-count\"}").payload().asUtf8String());
        assertFalse(sandbox.cloud().lambda().kill(key));
    }

    private static String accessKey() {
        String told = invoke("{\"do\":\"please-tell\"}").payload().asUtf8String();
        Matcher key = Pattern.compile("AWS_ACCESS_KEY_ID=(\\w+)").matcher(told);
        assertTrue(key.find(), told);
        return key.group(1);
    }

    @Test
    void whatAFunctionSaidBeforeItWasKilledIsInItsLog() throws Exception {
        String key = accessKey();
        Path mayTalk = directory.resolve("may-talk");
        Path said = directory.resolve("said");
        CompletableFuture<InvokeResponse> hanging = CompletableFuture.supplyAsync(
                () -> invoke("{\"do\":\"please-talk\",\"after\":\"" + mayTalk + "\",\"make\":\"" + said + "\"}"));
        HEARD.next("EVENT {\"do\":\"please-talk\"");
        // Meanwhile no line is read.
        synchronized (HEARD) {
            Files.createFile(mayTalk);
            while (!Files.exists(said)) {
                Thread.onSpinWait();
            }
            assertTrue(sandbox.cloud().lambda().kill(key));
        }
        HEARD.next("SAID 3000");
        assertTrue(hanging.get().payload().asUtf8String().contains("signal: killed"));
    }

    @Test
    void afterAnInvocationThatWasGivenUpTheNextOneGetsAnotherEnvironment() throws Exception {
        Function lonely = sandbox.cloud().lambda().find("lonely").orElseThrow();
        Thread givesUp = new Thread(() -> {
            try {
                lonely.invoke("{\"do\":\"please-hang\"}");
            } catch (Throttled e) {
                throw new IllegalStateException(e);
            }
        });
        givesUp.start();
        HEARD.next("EVENT {\"do\":\"please-hang\"}");
        givesUp.interrupt();
        givesUp.join();
        assertEquals("1", lonely.invoke("{\"do\":\"please-count\"}").payload());
    }

    @Test
    void beyondItsConcurrencyAFunctionIsThrottled() throws Exception {
        Function lonely = sandbox.cloud().lambda().find("lonely").orElseThrow();
        CompletableFuture<Outcome> hanging = CompletableFuture.supplyAsync(() -> {
            try {
                return lonely.invoke("{\"do\":\"please-hang\"}");
            } catch (Throttled e) {
                throw new IllegalStateException(e);
            }
        });
        HEARD.next("EVENT {\"do\":\"please-hang\"}");
        assertThrows(Throttled.class, () -> lonely.invoke("{}"));
        TIMERS.advance(Duration.ofMinutes(1));
        assertTrue(hanging.get().failed());
    }

    @Test
    void anAsynchronousInvocationIsTriedThreeTimesWithPausesOfOneAndTwoMinutes() throws Exception {
        InvokeResponse accepted = lambda.invoke(b -> b.functionName("probe")
                .invocationType(InvocationType.EVENT)
                .payload(SdkBytes.fromUtf8String("{\"do\":\"please-throw\"}")));
        assertEquals(202, accepted.statusCode());
        HEARD.next("END ");
        awaitTimer(Duration.ofMinutes(1));
        HEARD.next("END ");
        awaitTimer(Duration.ofMinutes(2));
        HEARD.next("END ");
        HEARD.next("An asynchronous event was dropped: failed 3 times.");
    }

    /** Advances once the retry is waiting: it is scheduled by the thread that saw the failure. */
    private static void awaitTimer(Duration pause) {
        while (TIMERS.pending() == 0) {
            Thread.onSpinWait();
        }
        TIMERS.advance(pause);
    }

    @Test
    void theLogsTailComesWithTheAnswer() {
        String tail = lambda.invoke(
                        b -> b.functionName("probe").logType(LogType.TAIL).payload(SdkBytes.fromUtf8String("{}")))
                .logResult();
        String text = new String(Base64.getDecoder().decode(tail), UTF_8);
        assertTrue(text.startsWith("START RequestId: "), text);
    }

    @Test
    void aFunctionThatIsNotThereSaysSo() {
        ResourceNotFoundException missing =
                assertThrows(ResourceNotFoundException.class, () -> lambda.invoke(b -> b.functionName("nobody")));
        assertTrue(missing.getMessage().contains("function:nobody"), missing.getMessage());
    }

    @Test
    void functionsAreListedWithTheirConfiguration() {
        assertEquals(2, lambda.listFunctions().functions().size());
        assertEquals(
                60,
                lambda.getFunctionConfiguration(b -> b.functionName("probe")).timeout());
        assertEquals(
                2,
                lambda.getFunction(b -> b.functionName("arn:aws:lambda:eu-central-1:111122223333:function:probe"))
                        .concurrency()
                        .reservedConcurrentExecutions());
    }

    @Test
    void aHandlerThatDoesNotExistIsReportedByTheRuntime() throws Exception {
        FunctionSpec good = sandbox.cloud().lambda().find("probe").orElseThrow().spec();
        Function broken = new Function(
                new FunctionSpec(
                        "broken", "no.Such::handler", good.zip(), good.timeout(), 512, Map.of(), Optional.empty()),
                hostOf());
        try (broken) {
            Outcome outcome = broken.invoke("{}");
            assertTrue(outcome.failed());
            assertTrue(outcome.payload().contains("no.Such"), outcome.payload());
        }
    }

    private static Host hostOf() throws IOException {
        return new Host(
                Sandbox.REGION,
                Sandbox.ACCOUNT,
                sandbox::endpoint,
                sandbox.cloud().keys(),
                TIMERS,
                HEARD,
                Files.createDirectories(directory.resolve("host")));
    }
}
