/**
 * What Gantry keeps in its bucket: settings, releases, records, failures, marks of pages.
 * Belongs here: calls of S3. Depends on no other service's package; the JSON forms and the keys are in the module stored.
 */
package dev.gantry.aws.s3;
