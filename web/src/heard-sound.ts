/**
 * Which messages' sound the live worker has seen to. A note beside the message: what a page reads is the same either
 * way.
 * @module
 */

const HEARD = new WeakMap<object, number>();

/** The sound of this message goes to the loudspeaker by the worker, as part of that `hear`. */
export function markHeard(message: object, serial: number): void {
  HEARD.set(message, serial);
}

/** As part of which `hear` it does; `undefined` where the sound is the page's to play. */
export function heardAs(message: object): number | undefined {
  return HEARD.get(message);
}
