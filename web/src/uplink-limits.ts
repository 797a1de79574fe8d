/**
 * How much the microphone may leave waiting, on the page and in the live worker alike.
 * @module
 */

/** A socket that holds back so many bytes is stalled: about 30 s of sound. */
export const STALLED_BYTES = 1_600_000;
