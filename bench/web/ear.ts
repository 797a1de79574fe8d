/**
 * Records what a page gives to its loudspeaker: a worklet beside whatever is connected to a context's destination. It
 * keeps its samples on the audio thread until they are asked for, so that recording costs the main thread nothing.
 * @module
 */
import type { Page } from 'playwright-core';
import type { BenchServer } from './bench-server.ts';
import { Recording } from './sound/recording.ts';

/** Where the bench's server has {@link RECORDER}. */
export const RECORDER_PATH = '/bench-recorder.js';
/** Longest recording, in seconds; later samples are not kept. */
const LONGEST_SECONDS = 60;

/** The worklet. `Date.now()` is the one clock it has. */
export const RECORDER = `
registerProcessor('bench-recorder', class extends AudioWorkletProcessor {
  samples = new Float32Array(sampleRate * ${LONGEST_SECONDS});
  stamps = new Float64Array(Math.ceil(this.samples.length / 128));
  filled = 0;
  count = 0;
  constructor() {
    super();
    this.port.onmessage = () => this.port.postMessage({
      samples: this.samples.slice(0, this.filled), stamps: this.stamps.slice(0, this.count), rateHz: sampleRate,
    });
  }
  process([[channel]]) {
    if (this.filled + 128 > this.samples.length) return true;
    if (channel) this.samples.set(channel, this.filled);
    this.stamps[this.count++] = Date.now();
    this.filled += 128;
    return true;
  }
});`;

declare global {
  interface Window {
    benchEar: { handIn(name: string): Promise<number> };
  }
}

/** Runs in the page before anything of the page does. */
function install(path: string): void {
  const taps = new Map<BaseAudioContext, AudioWorkletNode>();
  const waiting: AudioNode[] = [];
  const heard = new Set<BaseAudioContext>();
  const connect = AudioNode.prototype.connect as (this: AudioNode, to: AudioNode) => AudioNode;
  window.AudioContext = class extends AudioContext {
    constructor(options?: AudioContextOptions) {
      super(options);
      void this.audioWorklet.addModule(path).then(() => {
        const tap = new AudioWorkletNode(this, 'bench-recorder', {
          channelCount: 1,
          channelCountMode: 'explicit',
        });
        taps.set(this, tap);
        // A node that leads nowhere may not be run; this one's output is silence.
        connect.call(tap, this.destination);
        for (const node of waiting) if (node.context === this) connect.call(node, tap);
      });
    }
  };
  AudioNode.prototype.connect = function (this: AudioNode, ...args: unknown[]) {
    if (args[0] instanceof AudioDestinationNode) {
      heard.add(this.context);
      const tap = taps.get(this.context);
      if (tap) connect.call(this, tap);
      else waiting.push(this);
    }
    return (connect as (...all: unknown[]) => AudioNode).apply(this, args);
  } as AudioNode['connect'];
  window.benchEar = {
    async handIn(name) {
      const tap = [...taps].find(([context]) => heard.has(context))?.[1];
      if (!tap) throw new Error('Nothing was connected to a loudspeaker.');
      const { samples, stamps, rateHz } = await new Promise<{
        samples: Float32Array;
        stamps: Float64Array;
        rateHz: number;
      }>((resolve) => {
        tap.port.onmessage = ({ data }) => resolve(data);
        tap.port.postMessage('all');
      });
      const post = (part: string, body: BufferSource) =>
        fetch(`/handed-in/${name}-${part}`, { method: 'POST', body });
      await post('samples', samples as Float32Array<ArrayBuffer>);
      await post('stamps', stamps as Float64Array<ArrayBuffer>);
      return rateHz;
    },
  };
}

/** Puts the ear into a page that has not been opened yet. */
export function giveEar(page: Page): Promise<unknown> {
  return page.addInitScript(install, RECORDER_PATH);
}

/** All that was heard so far. */
export async function heardBy(page: Page, server: BenchServer): Promise<Recording> {
  const name = 'speaker';
  const rateHz = await page.evaluate((each) => window.benchEar.handIn(each), name);
  const samples = server.takeBody(`${name}-samples`);
  const stamps = server.takeBody(`${name}-stamps`);
  if (!samples || !stamps) throw new Error('The page handed no recording in.');
  return new Recording({
    samples: new Float32Array(samples.buffer.slice(samples.byteOffset, samples.byteOffset + samples.length)),
    stamps: new Float64Array(stamps.buffer.slice(stamps.byteOffset, stamps.byteOffset + stamps.length)),
    rateHz,
  });
}
