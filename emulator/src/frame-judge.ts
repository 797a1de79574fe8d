/**
 * Judges frames of a user's audio: the detector, a level below which nothing is speech, and the echo guard.
 * @module
 */
import type { FrameJudge } from './activity-detector.ts';
import type { ActivitySettings } from './activity-settings.ts';
import type { EchoGuard } from './echo-guard.ts';
import type { VoiceDetectorFactory } from './voice-detector.ts';

/** How much quieter than its start speech may go on. Ours, in dB. */
const CONTINUE_DB = 5;

/** A judge and what it holds. */
export interface OwnedJudge {
  readonly judge: FrameJudge;
  close(): void;
}

/** Makes a judge by the settings in force. */
export function createFrameJudge(
  settings: ActivitySettings,
  newDetector: VoiceDetectorFactory,
  guard?: EchoGuard,
): OwnedJudge {
  const starting = newDetector(settings.startMode);
  // Two of one strictness would say the same of everything.
  const continuing =
    settings.continueMode === settings.startMode ? starting : newDetector(settings.continueMode);
  return {
    judge(frame, endMs) {
      // Every frame goes through both detectors, whatever the rest says: they adapt to what they hear.
      const starts = starting.isSpeech(frame);
      const continues = continuing === starting ? starts : continuing.isSpeech(frame);
      const isEcho = guard?.hears(frame, endMs, starts || continues) ?? false;
      const aboveDb = isEcho ? Number.NEGATIVE_INFINITY : levelDb(frame) - settings.floorDb;
      return { starts: starts && aboveDb >= 0, continues: continues && aboveDb >= -CONTINUE_DB };
    },
    close() {
      starting.close();
      if (continuing !== starting) continuing.close();
    },
  };
}

/** Level of a frame, in dB of a full-scale square wave; `-Infinity` for digital silence. */
export function levelDb(frame: Int16Array): number {
  let energy = 0;
  // By index: this runs on every frame of every session, and an iterator costs four times as much.
  for (let at = 0; at < frame.length; at++) energy += (frame[at] ?? 0) ** 2;
  return 10 * Math.log10(energy / frame.length / 32_768 ** 2);
}
