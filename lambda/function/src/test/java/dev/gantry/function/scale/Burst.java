package dev.gantry.function.scale;

/**
 * What is launched, and when. Everything else is drawn from the seed.
 *
 * @param instances how many, of one group
 * @param launchSeconds in which Auto Scaling has launched all of them
 * @param agentSeconds within which, after its launch, each agent is online
 * @param runSeconds that a run takes, give or take a quarter
 * @param announced whether instances announce themselves once their agent is online
 */
record Burst(int instances, int launchSeconds, int agentSeconds, int runSeconds, boolean announced, long seed) {}
