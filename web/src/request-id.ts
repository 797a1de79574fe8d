/**
 * Names for requests.
 * @module
 */

/** A fresh id of 24 characters that nobody can guess: 96 random bits. Works on insecure origins too. */
export function requestId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
