/**
 * Reads a microphone's track in a worker (Chromium's `MediaStreamTrackProcessor`): without Web Audio's buffers before
 * it. Elsewhere the capture worklet does the same on the audio thread.
 * @module
 */
import { FrameMaker, type FrameSink } from './frame-maker.ts';

/** One microphone after the other, as frames. */
export class TrackReader {
  readonly #frameSamples: number;
  readonly #sink: FrameSink;
  readonly #onBroken: () => void;
  #frames: FrameMaker | undefined;
  #reader: ReadableStreamDefaultReader<AudioData> | undefined;
  #isMuted = false;
  #mono = new Float32Array(0);
  #channel = new Float32Array(0);

  /** `sink` reads a frame at once and keeps no hold of it. `onBroken`: a sound could not be read, and none will be. */
  constructor(frameSamples: number, sink: FrameSink, onBroken: () => void) {
    this.#frameSamples = frameSamples;
    this.#sink = sink;
    this.#onBroken = onBroken;
  }

  /** Reads this track until it ends or another takes its place. Never rejects. */
  async read(readable: ReadableStream<AudioData>): Promise<void> {
    const reader = readable.getReader();
    this.stop();
    this.#reader = reader;
    let rateHz = 0;
    for (;;) {
      // A track that breaks off is told to the page by the track itself.
      const sound = await reader.read().then(
        ({ value }) => value,
        () => undefined,
      );
      if (!sound) return;
      try {
        if (reader === this.#reader) {
          if (sound.sampleRate !== rateHz) {
            rateHz = sound.sampleRate;
            this.#begin(Math.round(rateHz));
          }
          this.#hear(sound);
        }
      } catch {
        this.stop();
        this.#onBroken();
        return;
      } finally {
        sound.close();
      }
    }
  }

  mute(isMuted: boolean): void {
    this.#isMuted = isMuted;
    this.#frames?.mute(isMuted);
  }

  /** Gives out what there is of a frame, and reads no more. */
  stop(): void {
    this.#reader?.cancel().catch(() => {});
    this.#reader = undefined;
    this.#frames?.flush();
    this.#frames = undefined;
  }

  #begin(inputRateHz: number): void {
    this.#frames?.flush();
    const frames = new FrameMaker({
      inputRateHz,
      frameSamples: this.#frameSamples,
      sink: (samples, count, rms, peak) => {
        this.#sink(samples, count, rms, peak);
        frames.recycle(samples);
      },
    });
    frames.mute(this.#isMuted);
    this.#frames = frames;
  }

  /** All channels as one. */
  #hear(sound: AudioData): void {
    const { numberOfFrames: count, numberOfChannels: channels } = sound;
    if (this.#mono.length !== count) {
      this.#mono = new Float32Array(count);
      this.#channel = new Float32Array(count);
    }
    const [mono, channel] = [this.#mono, this.#channel];
    sound.copyTo(mono, { planeIndex: 0, format: 'f32-planar' });
    for (let planeIndex = 1; planeIndex < channels; planeIndex++) {
      sound.copyTo(channel, { planeIndex, format: 'f32-planar' });
      for (let at = 0; at < count; at++) mono[at] = (mono[at] ?? 0) + (channel[at] ?? 0);
    }
    if (channels > 1) for (let at = 0; at < count; at++) mono[at] = (mono[at] ?? 0) / channels;
    this.#frames?.push(mono);
  }
}
