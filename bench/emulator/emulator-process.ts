/** The emulator, in a process of its own, as it is built for the package: the first argument leads there. */
import { pathToFileURL } from 'node:url';
import type { LiveEmulator, LiveEmulatorOptions } from '@livegate/emulator';
import { answerParent } from './child.ts';

/** What it is asked: to start, or what it has used and seen since. */
export type EmulatorQuestion =
  | { readonly kind: 'start'; readonly options: LiveEmulatorOptions }
  | { readonly kind: 'figures' };

/** What it has used and seen. */
export interface EmulatorFigures {
  readonly host: string;
  readonly cpuMs: number;
  readonly mostRssBytes: number;
  /** Audio it counted, in s, over all sessions. */
  readonly audioSeconds: number;
  readonly turns: number;
}

/** How often memory is looked at. */
const LOOK_MS = 200;

const { startLiveEmulator } = (await import(
  pathToFileURL(process.argv[2] ?? '').href
)) as typeof import('@livegate/emulator');
let emulator: LiveEmulator | undefined;
let mostRssBytes = 0;
let cpuBefore = process.cpuUsage();

answerParent<EmulatorQuestion, EmulatorFigures>(async (question) => {
  if (question.kind === 'start') {
    emulator = await startLiveEmulator(question.options);
    cpuBefore = process.cpuUsage();
    setInterval(() => {
      mostRssBytes = Math.max(mostRssBytes, process.memoryUsage.rss());
    }, LOOK_MS);
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  const sessions = emulator?.sessions() ?? [];
  return {
    host: emulator?.host ?? '',
    cpuMs: (user + system) / 1_000,
    mostRssBytes: Math.max(mostRssBytes, process.memoryUsage.rss()),
    audioSeconds: sessions.reduce((sum, { audioSeconds }) => sum + audioSeconds, 0),
    turns: sessions.reduce((sum, { turns }) => sum + turns, 0),
  };
});
