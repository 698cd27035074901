/** The bucket, as far as the bastion function needs it. */
package dev.gantry.bastion.store;
