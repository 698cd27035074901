/**
 * From a playbook tree to a bundle: which files, in which bytes, with which values.
 * Belongs here: reading the tree, refusing it, packing it. Knows no AWS.
 */
package dev.gantry.cli.bundle;
