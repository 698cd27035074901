/**
 * Faults over the wire: the shipped zip in the sandbox, its functions as real processes that are killed at every call they
 * make, and AWS's answers corrupted in every way that clients see. Run by {@code scripts/dev/faults}; what it means for a user
 * is in {@code docs/reliability.md}.
 *
 * <p>A {@code Journey} is a way through a launch. Its reference run records the calls that its function makes ({@code
 * CallPoint}); {@code KillCases} makes two cases of each call. {@code AnswerCases} and {@code MessageCases} are written down.
 * A {@code Bench} is a deployment on which cases take turns, each with a fleet of its own, and {@code Launch} brings one of them
 * to its end and says what is wrong with it.
 */
package dev.gantry.system.faults;
