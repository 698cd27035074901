/**
 * Queues: the bastion's, the pages', the dead-letter queues, and how long a message stays hidden.
 * Belongs here: calls of SQS. Depends on s3, for the answers that the bastion writes there.
 */
package dev.gantry.aws.sqs;
