package dev.gantry.cli.console.page;

/**
 * Where a deployment is.
 *
 * @param isAws whether links to the AWS console lead anywhere; not where a stand-in is asked
 * @param options what a copied command needs to reach the same deployment, with a leading space; mostly empty
 */
public record Setting(String region, String bucket, boolean isAws, String options) {}
