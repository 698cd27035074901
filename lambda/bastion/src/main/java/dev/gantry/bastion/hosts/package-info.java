/** Identities of machines: the address and host keys that each wrote at boot, to an object that IAM binds to it. */
package dev.gantry.bastion.hosts;
