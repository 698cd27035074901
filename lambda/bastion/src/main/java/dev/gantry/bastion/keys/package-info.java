/** The function's own key pairs: made here, kept in one object under a KMS key, rotated without an outage. */
package dev.gantry.bastion.keys;
