/**
 * The detector's settings in force, from what a setup asks for. The defaults are ours: the service gives none.
 * @module
 */
import { modelId, type RealtimeInputConfig } from '@livegate/protocol';
import type { Backend } from './endpoints.ts';

/** How speech is found. Levels in dB of full scale, times in ms. */
export interface ActivitySettings {
  /** True: the client marks activity itself. */
  readonly isManual: boolean;
  /** Strictness of WebRTC's detector in hearing a start, and in hearing speech go on; 0 to 3. */
  readonly startMode: number;
  readonly continueMode: number;
  /** Quieter than this is not speech. */
  readonly floorDb: number;
  /** Speech heard before a start counts. */
  readonly prefixMs: number;
  /** Silence heard before an end counts. */
  readonly silenceMs: number;
  /** Whether a start interrupts the model. */
  readonly interrupts: boolean;
  /** What belongs to a turn: speech alone, speech and all video, or everything that came. */
  readonly coverage: 'activity' | 'activity-and-video' | 'everything';
}

const START = {
  high: { startMode: 2, floorDb: -55, prefixMs: 120 },
  low: { startMode: 3, floorDb: -45, prefixMs: 240 },
} as const;
const END = {
  high: { continueMode: 2, silenceMs: 600 },
  low: { continueMode: 0, silenceMs: 1_000 },
} as const;

/** Reads the settings; `unasked` is the coverage of a turn where none is asked for: see {@link usualCoverage}. */
export function activitySettings(
  config: RealtimeInputConfig = {},
  unasked: ActivitySettings['coverage'] = 'activity-and-video',
): ActivitySettings {
  const detection = config.automaticActivityDetection ?? {};
  const start = detection.startOfSpeechSensitivity === 'START_SENSITIVITY_LOW' ? START.low : START.high;
  const end = detection.endOfSpeechSensitivity === 'END_SENSITIVITY_LOW' ? END.low : END.high;
  return {
    isManual: detection.disabled === true,
    startMode: start.startMode,
    continueMode: end.continueMode,
    floorDb: start.floorDb,
    prefixMs: detection.prefixPaddingMs ?? start.prefixMs,
    silenceMs: detection.silenceDurationMs ?? end.silenceMs,
    interrupts: config.activityHandling !== 'NO_INTERRUPTION',
    coverage: COVERAGES[config.turnCoverage ?? ''] ?? unasked,
  };
}

const COVERAGES: Readonly<Record<string, ActivitySettings['coverage']>> = {
  TURN_INCLUDES_ONLY_ACTIVITY: 'activity',
  TURN_INCLUDES_AUDIO_ACTIVITY_AND_ALL_VIDEO: 'activity-and-video',
  TURN_INCLUDES_ALL_INPUT: 'everything',
};

/**
 * What belongs to a turn where a setup does not say. Sources: everything on Vertex AI (client_server_messages.md of
 * vertex-ai-samples); speech alone on 2.5 (the public proto), speech and all video since 3.1 (model pages); read 2026-11-21.
 */
export function usualCoverage(model: string, backend: Backend): ActivitySettings['coverage'] {
  if (backend === 'vertex-ai') return 'everything';
  return /^gemini-(live-)?2\./.test(modelId(model)) ? 'activity' : 'activity-and-video';
}
