/**
 * Hears what a page plays, and what its microphone hears, on one clock. An AudioWorklet stands beside whatever the
 * page connects to a context's destination; the page knows nothing of it.
 */
import type { Page } from 'playwright-core';
import type { Sound } from './sound.ts';

/** Two sides of one recording: sample n of both was at the same time. */
export interface Heard {
  /** When the first sample was, in seconds of the context's own clock (`currentTime`). */
  readonly startedAt: number;
  readonly speaker: Sound;
  readonly microphone: Sound;
}

/** How the microphone is asked for, whatever the page asks for. */
export type Processing = 'off' | 'on' | 'as-asked';

/** What became of what the page opened. */
export interface PageAudio {
  readonly contexts: readonly string[];
  readonly tracks: readonly string[];
}

/** Where a server that has the recorder itself serves it. */
export const RECORDER_PATH = '/livegate-test-recorder.js';
/** The recorder's module. */
export const RECORDER = `
registerProcessor('livegate-test-recorder', class extends AudioWorkletProcessor {
  process(inputs) {
    const [speaker, microphone] = inputs.map(([channel]) => channel ? channel.slice() : new Float32Array(128));
    this.port.postMessage([speaker, microphone, currentTime]);
    return true;
  }
});`;

/** Runs in the page before anything of the page does. */
function install({
  path,
  source,
  processing,
}: {
  path: string | undefined;
  source: string;
  processing: Processing;
}): void {
  const recorder = path ?? URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const contexts: BaseAudioContext[] = [];
  const streams: MediaStream[] = [];
  const recorders = new Map<BaseAudioContext, Promise<AudioWorkletNode>>();
  const speaker: Float32Array[] = [];
  const microphone: Float32Array[] = [];
  let rateHz = 0;
  let startedAt: number | undefined;

  const recorderOf = (context: BaseAudioContext): Promise<AudioWorkletNode> => {
    const known = recorders.get(context);
    if (known) return known;
    contexts.push(context);
    const made = context.audioWorklet.addModule(recorder).then(() => {
      rateHz = context.sampleRate;
      const node = new AudioWorkletNode(context, 'livegate-test-recorder', {
        numberOfInputs: 2,
        numberOfOutputs: 1,
        channelCount: 1,
        channelCountMode: 'explicit',
      });
      node.port.onmessage = ({ data }: MessageEvent<[Float32Array, Float32Array, number]>) => {
        startedAt ??= data[2];
        speaker.push(data[0]);
        microphone.push(data[1]);
      };
      const [stream] = streams;
      if (stream) connect.call((context as AudioContext).createMediaStreamSource(stream), node, 0, 1);
      // A node that leads nowhere may not be run: its silent output goes to the speaker.
      connect.call(node, context.destination);
      return node;
    });
    recorders.set(context, made);
    return made;
  };
  const connect = AudioNode.prototype.connect as (
    this: AudioNode,
    to: AudioNode,
    output?: number,
    input?: number,
  ) => AudioNode;
  AudioNode.prototype.connect = function (this: AudioNode, ...args: unknown[]) {
    if (args[0] instanceof AudioDestinationNode)
      void recorderOf(this.context).then((recorder) => connect.call(this, recorder, 0, 0));
    return (connect as (...all: unknown[]) => AudioNode).apply(this, args);
  } as AudioNode['connect'];

  const getUserMedia = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const asked = typeof constraints?.audio === 'object' ? constraints.audio : {};
    const on = processing === 'on';
    const audio =
      processing === 'as-asked'
        ? asked
        : { ...asked, echoCancellation: on, noiseSuppression: on, autoGainControl: on };
    const stream = await getUserMedia({ ...constraints, audio });
    streams.push(stream);
    return stream;
  };

  // As text: a minute is millions of samples, and as numbers they take as long to come out of the page as to be heard.
  const base64Of = (chunks: readonly Float32Array[]): string => {
    const bytes = chunks.map((chunk) => new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    return btoa(bytes.map((each) => String.fromCharCode(...each)).join(''));
  };
  Object.assign(window, {
    livegateEar: {
      heard: () => ({
        startedAt: startedAt ?? 0,
        rateHz,
        speaker: base64Of(speaker),
        microphone: base64Of(microphone),
      }),
      audio: () => ({
        contexts: contexts.map(({ state }) => state),
        tracks: streams.flatMap((stream) => stream.getTracks().map(({ readyState }) => readyState)),
      }),
    },
  });
}

declare global {
  interface Window {
    livegateEar: {
      heard(): {
        readonly startedAt: number;
        readonly rateHz: number;
        /** Base64 of 32-bit floats. */
        readonly speaker: string;
        readonly microphone: string;
      };
      audio(): PageAudio;
    };
  }
}

/**
 * Puts the ear into a page that has not been opened yet. A worklet's module is loaded past `page.route`, so it comes
 * from a blob, for which the page's policy is set aside; with `isServed` the page's own server has it at
 * {@link RECORDER_PATH} and the policy holds.
 */
export async function giveEar(
  page: Page,
  { processing, isServed = false }: { readonly processing: Processing; readonly isServed?: boolean },
): Promise<void> {
  if (!isServed) {
    const inspector = await page.context().newCDPSession(page);
    await inspector.send('Page.setBypassCSP', { enabled: true });
  }
  const path = isServed ? RECORDER_PATH : undefined;
  await page.addInitScript(install, { path, source: RECORDER, processing });
}

/** All that was heard so far. */
export async function heardBy(page: Page): Promise<Heard> {
  const { startedAt, rateHz, speaker, microphone } = await page.evaluate(() => window.livegateEar.heard());
  return {
    startedAt,
    speaker: { samples: samplesOf(speaker), rateHz },
    microphone: { samples: samplesOf(microphone), rateHz },
  };
}

function samplesOf(base64: string): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer);
}

/** The states of everything the page opened. */
export function audioOf(page: Page): Promise<PageAudio> {
  return page.evaluate(() => window.livegateEar.audio());
}
