/**
 * The Live emulators that a page may dial beside Google's host.
 * @module
 */
import type { FirebaseApp } from 'firebase/app';
import type { AI } from './ai.ts';
import { emulatorHost } from './socket-address.ts';

const hosts = new WeakMap<FirebaseApp, Set<string>>();

/**
 * Lets sessions of this AI service's app dial a Live emulator (`127.0.0.1:9399`, no scheme), over plain `ws:` too.
 * Which socket is dialled is still the functions' word: point them at the same emulator. Development only. Throws
 * `AIError` `request-error` for what is no host and port.
 */
export function connectLiveEmulator(ai: AI, host: string): void {
  emulatorsOf(ai).add(emulatorHost(host));
}

/** The hosts that were added, a live view. */
export function emulatorsOf(ai: AI): Set<string> {
  const known = hosts.get(ai.app) ?? new Set<string>();
  hosts.set(ai.app, known);
  return known;
}
