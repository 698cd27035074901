/** The bastion function: one SSH exchange with an instance for each message, and its answer in S3. */
package dev.gantry.bastion;
