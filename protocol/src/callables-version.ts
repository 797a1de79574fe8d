/**
 * The version of the callables' shapes, apart from the shapes: who asks does not carry the check of questions.
 * @module
 */

/** Version of the callables' shapes. Functions answer this one and the one before. */
export const CALLABLES_VERSION = 1;
