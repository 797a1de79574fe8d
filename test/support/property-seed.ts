/**
 * Set-up of every test file: property tests look at the same cases in every short run, so that a change is red for what
 * it changes; the long form (`LIVEGATE_LONG`) looks elsewhere each time, and prints its seed where it finds something.
 * @module
 */
import fc from 'fast-check';

if (!process.env.LIVEGATE_LONG) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 20_261_121 });
