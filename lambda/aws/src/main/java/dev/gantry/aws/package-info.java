/**
 * The ports of the domain over AWS SDK v2. No other package uses a type of the SDK.
 */
package dev.gantry.aws;
