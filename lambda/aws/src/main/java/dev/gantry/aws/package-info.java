/**
 * The ports of the domain over AWS SDK v2. Nothing outside this package knows a type of the SDK.
 */
package dev.gantry.aws;
