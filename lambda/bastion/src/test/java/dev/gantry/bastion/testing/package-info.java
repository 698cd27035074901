/** What the tests use: real sshd processes, the sandbox's S3, messages. */
package dev.gantry.bastion.testing;
