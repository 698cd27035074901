package dev.gantry.sandbox.contract;

/** The result of looking for an implementation; closed with the run. */
sealed interface Found extends AutoCloseable {
    Implementation implementation();

    @Override
    void close();

    /** It answers. */
    record Present(Endpoint endpoint) implements Found {
        @Override
        public Implementation implementation() {
            return endpoint.implementation();
        }

        @Override
        public void close() {
            endpoint.close();
        }
    }

    /**
     * It is not there.
     *
     * @param why half a sentence, as in "no Docker engine answers"
     */
    record Absent(Implementation implementation, String why) implements Found {
        @Override
        public void close() {}
    }
}
