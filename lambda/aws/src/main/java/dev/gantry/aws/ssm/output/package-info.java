/**
 * Finds in a run's output what failed, and whether a task ran.
 * Belongs here: reading what Ansible, AWS's script and the agent print. Pure; knows no SDK.
 */
package dev.gantry.aws.ssm.output;
