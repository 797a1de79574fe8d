/**
 * A microphone that hears the loudspeaker, 80 ms late and `gain` times as loud, and a person who can be made to speak:
 * in place of the browser's, in a page that knows nothing of it. No canceller stands between: what is left of an echo
 * is the page's to deal with.
 */
import type { Page } from 'playwright-core';

/** How late the loudspeaker is heard, in seconds. */
const DELAY_SECONDS = 0.08;

/** What a test can do in the room. */
export interface EchoingRoom {
  /** Lets the person say samples of 16 kHz; the answer is when they begin, on `performance.now()`. */
  speak(samples: readonly number[]): number;
  /** When the loudspeaker was last louder than `level`, on `performance.now()`. */
  lastLoud(level: number): number;
}

declare global {
  interface Window {
    room: EchoingRoom;
  }
}

/** Runs in the page before anything of the page does. */
function furnish({ gain, delaySeconds }: { readonly gain: number; readonly delaySeconds: number }): void {
  let context: AudioContext | undefined;
  let microphone: MediaStreamAudioDestinationNode | undefined;
  let ear: AnalyserNode | undefined;
  const connect = AudioNode.prototype.connect as (this: AudioNode, ...all: unknown[]) => AudioNode;
  window.AudioContext = class extends AudioContext {
    constructor(options?: AudioContextOptions) {
      super(options);
      context = this;
      microphone = this.createMediaStreamDestination();
      ear = this.createAnalyser();
      ear.fftSize = 1024;
    }
  };
  AudioNode.prototype.connect = function (this: AudioNode, ...args: unknown[]) {
    if (args[0] instanceof AudioDestinationNode && this instanceof GainNode && microphone && ear) {
      const air = new DelayNode(this.context, { delayTime: delaySeconds });
      const distance = new GainNode(this.context, { gain });
      connect.call(this, air);
      connect.call(air, distance);
      connect.call(distance, microphone);
      connect.call(this, ear);
    }
    return connect.apply(this, args);
  } as AudioNode['connect'];
  let loudAt: { readonly at: number; readonly level: number }[] = [];
  setInterval(() => {
    if (!ear) return;
    const samples = new Float32Array(256);
    ear.getFloatTimeDomainData(samples);
    const level = Math.max(...samples.map(Math.abs));
    loudAt = [...loudAt.slice(-2_000), { at: performance.now(), level }];
  }, 5);
  navigator.mediaDevices.getUserMedia = async () => {
    if (!microphone) throw new DOMException('No room.', 'NotFoundError');
    return microphone.stream;
  };
  window.room = {
    speak(samples) {
      if (!context || !microphone) throw new Error('No room.');
      const buffer = new AudioBuffer({ length: samples.length, sampleRate: 16_000 });
      buffer.copyToChannel(Float32Array.from(samples), 0);
      const person = new AudioBufferSourceNode(context, { buffer });
      connect.call(person, microphone);
      person.start();
      return performance.now();
    },
    lastLoud: (level) => loudAt.findLast((each) => each.level > level)?.at ?? 0,
  };
}

/** Puts a page that has not been opened yet into the room. */
export function enterRoom(page: Page, { gain }: { readonly gain: number }): Promise<unknown> {
  return page.addInitScript(furnish, { gain, delaySeconds: DELAY_SECONDS });
}
