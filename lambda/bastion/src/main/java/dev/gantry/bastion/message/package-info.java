/** What comes in (a message, an instance's reply) and what goes out (the answer), parsed at the edge. */
package dev.gantry.bastion.message;
