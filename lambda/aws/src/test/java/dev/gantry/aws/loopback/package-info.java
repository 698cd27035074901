/**
 * Hand-written doubles of AWS on loopback, for the tests of all services' packages.
 * Belongs here: a server that answers as a test says, and remembers what it was asked.
 */
package dev.gantry.aws.loopback;
