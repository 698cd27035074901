package dev.gantry.sandbox.contract;

/** An implementation that answers as AWS. */
enum Implementation {
    SANDBOX("sandbox"),
    MOTO("moto"),
    LOCALSTACK("LocalStack"),
    /** Whatever {@code AWS_ENDPOINT_URL} names; no deviation is forgiven there. */
    ENVIRONMENT("AWS_ENDPOINT_URL");

    private final String title;

    Implementation(String title) {
        this.title = title;
    }

    @Override
    public String toString() {
        return title;
    }
}
