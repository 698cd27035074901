package dev.gantry.sandbox;

import dev.gantry.sandbox.testing.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Marks tests on instances that boot. They are skipped, with the reason, if none can boot here. It is a condition because
 * Surefire's report does not mention a class whose tests an assumption before all of them skips.
 */
@Tag("real")
@ExtendWith(OnRealInstances.Condition.class)
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface OnRealInstances {

    /** Packages that must have been built, as paths from the module's folder. */
    String[] packages() default {};

    /** Looks at the machine, and then for the packages. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            Optional<String> why = context.getTestClass()
                    .flatMap(type -> AnnotationSupport.findAnnotation(type, OnRealInstances.class))
                    .flatMap(needs -> refused().or(() -> missing(needs.packages())));
            return why.map(ConditionEvaluationResult::disabled)
                    .orElseGet(() -> ConditionEvaluationResult.enabled("instances boot here"));
        }

        /** The output of scripts/lib/instances/real-instances, which all such tests use; empty if instances can boot. */
        private static Optional<String> refused() {
            try {
                Process process = new ProcessBuilder(Repository.path("scripts/lib/instances/real-instances")
                                .toString())
                        .redirectErrorStream(true)
                        .start();
                process.getOutputStream().close();
                String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
                return process.waitFor() == 0 ? Optional.empty() : Optional.of("Instances cannot boot here: " + words);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while the machine was tried", e);
            }
        }

        private static Optional<String> missing(String[] packages) {
            return Arrays.stream(packages)
                    .filter(file -> !Files.isRegularFile(Repository.path(file)))
                    .map(file -> "There is no " + file + ", which is built after this module: mvn package.")
                    .findFirst();
        }
    }
}
