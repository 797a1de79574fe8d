/**
 * The microphone's end on the audio thread: a shell that feeds {@link FrameMaker} and posts its frames.
 * A bundle entry of its own; the page loads it as a file.
 * @module
 */
import { FrameMaker } from './frame-maker.ts';
import {
  CAPTURE_PROCESSOR,
  type CaptureCommand,
  type CaptureNotice,
  type CaptureOptions,
} from './worklet-messages.ts';

/** A message that is filled in anew for every frame: `postMessage` has copied it when it returns. */
type FrameNotice = {
  -readonly [K in keyof Extract<CaptureNotice, { kind: 'frame' }>]: Extract<
    CaptureNotice,
    { kind: 'frame' }
  >[K];
};

class CaptureProcessor extends AudioWorkletProcessor {
  readonly #frames: FrameMaker;
  readonly #notice: FrameNotice = { kind: 'frame', samples: new Int16Array(0), count: 0, rms: 0, peak: 0 };
  readonly #transfer: ArrayBuffer[] = [this.#notice.samples.buffer];
  #port: MessagePort = this.port;
  #isStopped = false;

  constructor(options: { processorOptions: CaptureOptions }) {
    super();
    this.#frames = new FrameMaker({
      inputRateHz: Math.round(sampleRate),
      frameSamples: options.processorOptions.frameSamples,
      sink: (samples, count, rms, peak) => this.#post(samples, count, rms, peak),
    });
    this.#listen();
  }

  process(inputs: Float32Array[][]): boolean {
    if (!this.#isStopped) this.#frames.push(inputs[0]?.[0]);
    return !this.#isStopped;
  }

  #listen(): void {
    this.#port.onmessage = ({ data }: MessageEvent<CaptureCommand>) => this.#obey(data);
  }

  #obey(command: CaptureCommand): void {
    if (command.kind === 'recycle') for (const frame of command.frames) this.#frames.recycle(frame);
    else if (command.kind === 'mute') this.#frames.mute(command.muted);
    else if (command.kind === 'through') {
      this.#port = command.port;
      this.#listen();
    } else {
      this.#frames.flush();
      this.#isStopped = true;
      this.#port.postMessage({ kind: 'stopped' } satisfies CaptureNotice);
    }
  }

  #post(samples: Int16Array<ArrayBuffer>, count: number, rms: number, peak: number): void {
    this.#notice.samples = samples;
    this.#notice.count = count;
    this.#notice.rms = rms;
    this.#notice.peak = peak;
    this.#transfer[0] = samples.buffer;
    this.#port.postMessage(this.#notice, this.#transfer);
  }
}

registerProcessor(CAPTURE_PROCESSOR, CaptureProcessor);
