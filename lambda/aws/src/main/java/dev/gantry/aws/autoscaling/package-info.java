/**
 * Groups, their instances and their hooks, over Amazon EC2 Auto Scaling.
 * Belongs here: calls of Auto Scaling. Depends on no other service's package.
 */
package dev.gantry.aws.autoscaling;
