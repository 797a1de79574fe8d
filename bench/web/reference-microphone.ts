/**
 * When a microphone's buffers could first be seen by any script: the reference of the microphone's delay. A worker reads
 * a clone of the track that the page was given.
 * @module
 */
import type { Page } from 'playwright-core';
import type { BenchServer } from './bench-server.ts';

/** Where the bench's server has {@link REFERENCE}. */
export const REFERENCE_PATH = '/bench-reference.js';

/** The worker. Times are epoch ms by the system's clock, set as the server's is. */
export const REFERENCE = `
const before = Date.now();
let now = before;
while (now === before) now = Date.now();
const offset = now - performance.now();
const buffers = [];
const stamps = [];
let rateHz = 0;
onmessage = async ({ data }) => {
  if (data.readable) {
    const reader = data.readable.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      const at = offset + performance.now();
      if (done) return;
      const samples = new Float32Array(value.numberOfFrames);
      value.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
      rateHz = value.sampleRate;
      value.close();
      buffers.push(samples);
      stamps.push(at, samples.length);
    }
  }
  const post = (part, body) => fetch('/handed-in/' + data.name + '-' + part, { method: 'POST', body });
  await post('samples', new Blob(buffers));
  await post('stamps', Float64Array.from(stamps));
  postMessage(rateHz);
};`;

declare global {
  interface Window {
    benchReference: { handIn(name: string): Promise<number> };
  }
}

/** How a page's microphone is. */
export interface MicrophoneOptions {
  /** Reads along. */
  readonly isReferenced?: boolean;
  /** In place of the device: a sound of this rate, a file of 32-bit floats, from 0.5 s after it was asked for. */
  readonly generated?: { readonly rateHz: number; readonly path: string };
  /** Rate of contexts that ask for none. */
  readonly contextRateHz?: number;
}

/** Runs in the page before anything of the page does. */
function install({
  isReferenced,
  generated,
  contextRateHz,
  path,
}: MicrophoneOptions & { path: string }): void {
  let worker: Worker | undefined;
  const Context = window.AudioContext;
  const rateHz = contextRateHz;
  if (rateHz !== undefined)
    window.AudioContext = class extends Context {
      constructor(options?: AudioContextOptions) {
        super({ ...options, sampleRate: options?.sampleRate ?? Number(rateHz) });
      }
    };
  const getUserMedia = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  const generate = async (rateHz: number, file: string): Promise<MediaStream> => {
    const context = new Context({ sampleRate: rateHz });
    const samples = new Float32Array(await (await fetch(file)).arrayBuffer());
    const buffer = new AudioBuffer({ length: samples.length, sampleRate: rateHz });
    buffer.copyToChannel(samples, 0);
    const source = new AudioBufferSourceNode(context, { buffer });
    const microphone = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
    source.connect(microphone);
    source.start(context.currentTime + 0.5);
    return microphone.stream;
  };
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const asked = typeof constraints?.audio === 'object' ? constraints.audio : {};
    const plain = { ...asked, echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    const stream = generated
      ? await generate(generated.rateHz, generated.path)
      : await getUserMedia({ ...constraints, audio: plain });
    const [track] = stream.getAudioTracks();
    if (isReferenced && track) {
      worker ??= new Worker(path);
      const Processor = (
        window as unknown as {
          MediaStreamTrackProcessor: new (init: { track: MediaStreamTrack }) => { readable: ReadableStream };
        }
      ).MediaStreamTrackProcessor;
      const { readable } = new Processor({ track: track.clone() });
      worker.postMessage({ readable }, [readable as unknown as Transferable]);
    }
    return stream;
  };
  window.benchReference = {
    handIn: (name) =>
      new Promise((resolve) => {
        if (!worker) throw new Error('No microphone was opened.');
        worker.onmessage = ({ data }) => resolve(data);
        worker.postMessage({ name });
      }),
  };
}

/** Sets the microphone of a page that has not been opened yet: processing off, whatever the page asks for. */
export function setMicrophone(page: Page, options: MicrophoneOptions = {}): Promise<unknown> {
  return page.addInitScript(install, { ...options, path: REFERENCE_PATH });
}

/** A microphone as the reference saw it. */
export interface ReferenceMicrophone {
  readonly rateHz: number;
  readonly samples: Float32Array;
  /** Where each buffer ends, in samples, and when it was ready, in epoch ms. */
  readonly buffers: readonly { readonly end: number; readonly readyAt: number }[];
}

/** Buffers on either side among which the earliest decides. */
const REACH = 50;

/** What the reference saw so far. */
export async function referenceOf(page: Page, server: BenchServer): Promise<ReferenceMicrophone> {
  const rateHz = await page.evaluate(() => window.benchReference.handIn('reference'));
  const samples = server.takeBody('reference-samples');
  const stamps = server.takeBody('reference-stamps');
  if (!samples || !stamps) throw new Error('The page handed no reference in.');
  return {
    rateHz,
    samples: new Float32Array(samples.buffer.slice(samples.byteOffset, samples.byteOffset + samples.length)),
    buffers: readyTimes(
      new Float64Array(stamps.buffer.slice(stamps.byteOffset, stamps.byteOffset + stamps.length)),
      rateHz,
    ),
  };
}

/**
 * When buffers were ready: they come at a steady pace, so the one that was read soonest after its turn says when all
 * those around it were. `stamps` holds pairs: when a buffer was read, in epoch ms, and its length in samples.
 */
export function readyTimes(stamps: Float64Array, rateHz: number): ReferenceMicrophone['buffers'] {
  let end = 0;
  const read = Array.from({ length: stamps.length / 2 }, (_, index) => {
    end += stamps[index * 2 + 1] ?? 0;
    const due = (end * 1_000) / rateHz;
    return { end, due, lag: (stamps[index * 2] ?? 0) - due };
  });
  return read.map(({ end: at, due }, index) => {
    const near = read.slice(Math.max(0, index - REACH), index + REACH + 1);
    return { end: at, readyAt: due + Math.min(...near.map(({ lag }) => lag)) };
  });
}
