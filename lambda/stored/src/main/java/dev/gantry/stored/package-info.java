/**
 * The JSON forms and the keys of everything in S3 or in a queue. No AWS SDK.
 * Belongs here: a form that two modules, or two versions of one, must agree on.
 */
package dev.gantry.stored;
