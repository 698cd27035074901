/** Who the machines are: addresses and host keys that each wrote at boot, to an object that IAM binds to it. */
package dev.gantry.bastion.hosts;
