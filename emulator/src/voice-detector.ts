/**
 * WebRTC's voice-activity detector, compiled to WebAssembly: tells speech from other sound, 20 ms at a time.
 * @module
 */
import loadFvad from '@echogarden/fvad-wasm';
import { INPUT_SAMPLE_RATE_HZ } from '@livegate/protocol';

/** Time of one frame, in ms. */
export const FRAME_MS = 20;
/** Samples of one frame at 16 kHz. */
export const FRAME_SAMPLES = (INPUT_SAMPLE_RATE_HZ * FRAME_MS) / 1_000;

/** Judges the frames of one stream, in order: it adapts to what it heard before. */
export interface VoiceDetector {
  /** True where a frame of {@link FRAME_SAMPLES} holds speech. */
  isSpeech(frame: Int16Array): boolean;
  /** Frees its memory. The detector must not be used after. */
  close(): void;
}

/** Makes detectors; `mode` 0 to 3 is how strict they are. */
export type VoiceDetectorFactory = (mode: number) => VoiceDetector;

/** Compiles the detector, once; the factory then makes any number without waiting. */
export async function loadVoiceDetector(): Promise<VoiceDetectorFactory> {
  const fvad = await loadFvad();
  const frameAt = fvad._malloc(FRAME_SAMPLES * 2);
  return (mode) => {
    const detector = fvad._fvad_new();
    fvad._fvad_set_sample_rate(detector, INPUT_SAMPLE_RATE_HZ);
    fvad._fvad_set_mode(detector, mode);
    return {
      isSpeech(frame) {
        fvad.HEAP16.set(frame, frameAt / 2);
        return fvad._fvad_process(detector, frameAt, FRAME_SAMPLES) === 1;
      },
      close: () => fvad._fvad_free(detector),
    };
  };
}
