/**
 * What sets the voices apart where text is said in tones: each of the thirty lies a little higher or lower.
 * @module
 */
import { type LiveSetup, VOICES } from '@livegate/protocol';

/** The voice of a session that names none. Source: Firebase's page on voices, read 2026-11-21. */
const DEFAULT_VOICE = 'Puck';
/** From the lowest voice to the highest. Ours. */
const OCTAVES = 1;

/** The factor by which the voice of `setup` lies above the tones of a word: 1 for the default voice. */
export function voicePitch({ generationConfig }: Partial<LiveSetup>): number {
  const name = generationConfig?.speechConfig?.voiceConfig?.prebuiltVoiceConfig?.voiceName ?? DEFAULT_VOICE;
  const names = Object.keys(VOICES);
  const steps = names.indexOf(name) - names.indexOf(DEFAULT_VOICE);
  return names.includes(name) ? 2 ** ((OCTAVES * steps) / names.length) : 1;
}
