package dev.gantry.system.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives all classes whose scenarios have fleets of their own the same deployment; it ends with the last of them. */
final class SharedDeployment implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Deployment.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(Namespace.create(SharedDeployment.class))
                .getOrComputeIfAbsent(Deployment.class, type -> started(), Deployment.class);
    }

    private static Deployment started() {
        try {
            return Deployment.start();
        } catch (IOException e) {
            throw new UncheckedIOException("the sandbox does not start", e);
        }
    }
}
