/**
 * What bursts of launches under declared API quotas have in common, whether in virtual time or over the wire: the burst, the
 * quotas, the bound that they allow, the counting.
 */
package dev.gantry.aws.scale;
