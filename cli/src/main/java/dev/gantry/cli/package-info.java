/**
 * {@code gantry}, the operator's command: where it starts, and how it ends.
 * Below: {@code base} (what every package may use), {@code command} (what can be typed), {@code account} (the account as it is read and written, over AWS SDK v2), {@code
 * screen} (how answers look, for people and as JSON), {@code terminal} (what a terminal shows).
 */
package dev.gantry.cli;
