/** What the tests stand on: real sshd processes, the sandbox's S3, messages. */
package dev.gantry.bastion.testing;
