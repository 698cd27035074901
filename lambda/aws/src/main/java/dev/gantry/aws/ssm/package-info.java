/**
 * Runs and agents over Systems Manager: what is sent, what is found again, what an invocation means.
 * Belongs here: calls of Systems Manager. Depends on ssm.output, and on no other service's package.
 */
package dev.gantry.aws.ssm;
