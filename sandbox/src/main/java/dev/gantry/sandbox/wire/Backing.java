package dev.gantry.sandbox.wire;

import java.io.ByteArrayInputStream;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What lies behind the sandbox: services that it has not are answered there, and of its own services those operations that it
 * does not know. An operation that both have to know, such as the creation of a queue to which the other stand-in maps a
 * function, takes effect in both.
 */
public final class Backing {
    /** With which code each service of the sandbox says that it does not know an operation. */
    private static final Set<String> UNKNOWN =
            Set.of("InvalidAction", "UnknownOperationException", "UnsupportedOperation", "NotImplemented");

    private final Upstream upstream;
    private final Map<String, Split> splits;
    private final Hook hook;

    /**
     * Who answers what of one service.
     *
     * @param both takes effect in the sandbox first, whose answer counts, and then upstream
     * @param theirs is asked upstream, although the sandbox knows it
     */
    public record Split(Set<String> both, Set<String> theirs) {
        static final Split OWN = new Split(Set.of(), Set.of());
    }

    /** Is called when the sandbox may have to know what the other stand-in has. */
    public interface Hook {
        /** An operation of the sandbox's own takes effect next. */
        void before(String service, String operation);

        /** Something was changed upstream. */
        void changed(String service);
    }

    public Backing(Upstream upstream, Map<String, Split> splits, Hook hook) {
        this.upstream = upstream;
        this.splits = Map.copyOf(splits);
        this.hook = hook;
    }

    Services.Service behind(String service) {
        return new Services.Service(service, upstream, false);
    }

    Protocol before(String service, Protocol own) {
        return new Backed(service, own, Optional.ofNullable(splits.get(service)).orElse(Split.OWN));
    }

    private final class Backed implements Protocol {
        private final String service;
        private final Protocol own;
        private final Split split;

        Backed(String service, Protocol own, Split split) {
            this.service = service;
            this.own = own;
            this.split = split;
        }

        @Override
        public Call parse(WireRequest request, Caller caller, String requestId) {
            byte[] body = Upstream.bytes(request);
            Call call = own.parse(request.with(new ByteArrayInputStream(body)), caller, requestId);
            return Protocol.call(call.operation(), () -> answer(call, request, body));
        }

        private WireResponse answer(Call call, WireRequest request, byte[] body) {
            if (split.theirs().contains(call.operation())) {
                return upstream.forward(request, body);
            }
            hook.before(service, call.operation());
            WireResponse answer;
            try {
                answer = call.run();
            } catch (AwsError refusal) {
                if (UNKNOWN.contains(refusal.code())) {
                    return forwarded(request, body);
                }
                throw refusal;
            }
            if (split.both().contains(call.operation())) {
                mirror(call.operation(), request, body);
            }
            return answer;
        }

        private WireResponse forwarded(WireRequest request, byte[] body) {
            WireResponse theirs = upstream.forward(request, body);
            if (theirs.error().isEmpty() && !request.method().equals("GET")) {
                hook.changed(service);
            }
            return theirs;
        }

        private void mirror(String operation, WireRequest request, byte[] body) {
            WireResponse theirs = upstream.forward(request, body);
            if (!theirs.error().isEmpty()) {
                System.err.println("sandbox: " + service + " " + operation
                        + " took effect here and not upstream, which answered " + theirs.status());
            }
        }

        @Override
        public WireResponse error(AwsError error, String requestId) {
            return own.error(error, requestId);
        }
    }
}
