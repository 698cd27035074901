package dev.gantry.sandbox.contract;

import dev.gantry.sandbox.contract.Found.Absent;
import dev.gantry.sandbox.contract.Found.Present;
import java.lang.reflect.Method;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.opentest4j.TestAbortedException;

/**
 * Finds the implementation of AWS that a class is {@link Against}: the sandbox always; moto if the tests' virtual
 * environment has it; LocalStack if a Docker engine answers; and what {@code AWS_ENDPOINT_URL} names, if it is set.
 *
 * <p>Each is started once for the whole run and closed at its end. For one that is not there the class is skipped, and the
 * reason says why. A test that fails as {@link Deviations} says is a skip with that reason. If it passes, that is a failure,
 * so that the list stays true.
 */
public final class AwsEndpoints implements ExecutionCondition, ParameterResolver, InvocationInterceptor {
    private static final Namespace NAMESPACE = Namespace.create(AwsEndpoints.class);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return found(context) instanceof Absent absent
                ? ConditionEvaluationResult.disabled(absent.implementation() + ": " + absent.why())
                : ConditionEvaluationResult.enabled("it answers");
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Endpoint.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return ((Present) found(context)).endpoint();
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> test, ExtensionContext context)
            throws Throwable {
        Implementation implementation = implementation(context);
        Optional<Deviations.Deviation> known = Deviations.of(implementation, test.getExecutable());
        if (known.isEmpty()) {
            invocation.proceed();
            return;
        }
        try {
            invocation.proceed();
        } catch (Throwable deviation) {
            throw new TestAbortedException(
                    implementation + " differs from AWS: " + known.get().how());
        }
        if (known.get().always()) {
            throw new AssertionError(implementation + " does as AWS does now; take this out of Deviations: "
                    + known.get().how());
        }
    }

    private static Implementation implementation(ExtensionContext context) {
        return AnnotationSupport.findAnnotation(
                        context.getRequiredTestClass(), Against.class, context.getEnclosingTestClasses())
                .orElseThrow()
                .value();
    }

    private static Found found(ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(implementation(context), AwsEndpoints::find, Found.class);
    }

    private static Found find(Implementation implementation) {
        return switch (implementation) {
            case SANDBOX -> SandboxEndpoint.find();
            case MOTO -> MotoEndpoint.find();
            case LOCALSTACK -> LocalStackEndpoint.find();
            case ENVIRONMENT -> EnvironmentEndpoint.find();
        };
    }
}
