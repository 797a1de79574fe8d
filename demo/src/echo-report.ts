/**
 * The report of the echo checklist, as text to copy. Pure. Holds devices and figures, and nothing that was said.
 * @module
 */
import type { EchoStrategy } from '@livegate/web';
import { ECHO_ROUNDS, type EchoFigures, type EchoRound, sentenceOf } from './echo-rounds.ts';

/** One round that was run. */
export interface EchoEntry {
  readonly round: EchoRound['id'];
  /** When it ended, epoch ms. */
  readonly at: number;
  readonly strategy: EchoStrategy;
  readonly speakerName: string;
  readonly microphoneName: string;
  readonly microphone: MediaTrackSettings;
  readonly isGating: boolean;
  readonly sessionId: string | null;
  readonly figures: EchoFigures;
}

/** What the report says beside the rounds. */
export interface EchoPlace {
  readonly browser: string;
  readonly answers: 'gemini' | 'emulator';
  /** The person's own words: room, device, volume. */
  readonly note: string;
}

/** What matters of a microphone's settings for an echo, as the browser gives them. */
export function settingsText(settings: MediaTrackSettings): string {
  const all = settings as Readonly<Record<string, unknown>>;
  const names = [
    'echoCancellation',
    'noiseSuppression',
    'autoGainControl',
    'voiceIsolation',
    'sampleRate',
    'channelCount',
    'latency',
  ];
  return names
    .map((name) => `${name} ${all[name] === undefined ? 'not told' : String(all[name])}`)
    .join(', ');
}

/** The report. */
export function reportText(entries: readonly EchoEntry[], { browser, answers, note }: EchoPlace): string {
  const lines = [
    'Livegate echo checklist',
    `Browser: ${browser}`,
    `Answers: ${answers === 'gemini' ? 'Gemini' : 'the Live emulator, which may know its own echo: no verdict on Gemini'}`,
    ...(note.trim() === '' ? [] : [`Place: ${note.trim()}`]),
  ];
  for (const { id, title, task } of ECHO_ROUNDS) {
    const ofRound = entries.filter(({ round }) => round === id);
    if (ofRound.length === 0) lines.push('', `${title}: not run`);
    for (const entry of ofRound)
      lines.push(
        '',
        `${title}: ${sentenceOf(entry.figures, task)}`,
        `  ${new Date(entry.at).toISOString()}, strategy ${entry.strategy}${entry.isGating ? ', gate closed' : ''}, session ${entry.sessionId ?? 'unknown'}`,
        `  Loudspeaker: ${entry.speakerName || 'not named'}. Microphone: ${entry.microphoneName || 'not named'}`,
        `  ${settingsText(entry.microphone)}`,
      );
  }
  return `${lines.join('\n')}\n`;
}
