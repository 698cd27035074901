package dev.gantry.sandbox.wire;

import java.util.function.Supplier;

/** How one service is spoken to over HTTP: finds the operation, calls it, renders results and errors. */
public interface Protocol {

    /**
     * The operation that a request asks for; must not answer, only name. Reading the body is allowed where the
     * operation stands in it: the call then carries what was read.
     */
    Call parse(WireRequest request, Caller caller, String requestId);

    /** Renders an error as this protocol's clients expect it. */
    WireResponse error(AwsError error, String requestId);

    /** One operation, named and ready to take effect. */
    interface Call {
        String operation();

        /**
         * Takes effect and answers.
         *
         * @throws AwsError as the service would answer it
         */
        WireResponse run();
    }

    /** A call from its name and its effect. */
    static Call call(String operation, Supplier<WireResponse> effect) {
        return new Call() {
            @Override
            public String operation() {
                return operation;
            }

            @Override
            public WireResponse run() {
                return effect.get();
            }
        };
    }
}
