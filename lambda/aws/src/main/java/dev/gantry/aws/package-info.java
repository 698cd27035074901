/**
 * The ports of the domain over AWS SDK v2, with one package below for each service.
 * Belongs here: what these packages share (clients, errors, batches). Depends on none of them.
 */
package dev.gantry.aws;
