/**
 * The microphone's end in a worker, where the browser lets one read a track there: a shell that feeds
 * {@link FrameMaker}. Off the main thread as the capture worklet is, and without Web Audio's buffers before it.
 * A bundle entry of its own; the page loads it as a file.
 * @module
 */
import type { ListenCommand } from './capture.ts';
import { FrameMaker } from './frame-maker.ts';
import type { CaptureCommand, CaptureNotice } from './worklet-messages.ts';

let frames: FrameMaker | undefined;
let isMuted = false;
let isStopped = false;
let current: ReadableStreamDefaultReader<AudioData> | undefined;

self.onmessage = ({ data }: MessageEvent<CaptureCommand | ListenCommand>) => {
  if (data.kind === 'listen') void listen(data);
  else if (data.kind === 'recycle') for (const frame of data.frames) frames?.recycle(frame);
  else if (data.kind === 'mute') {
    isMuted = data.muted;
    frames?.mute(isMuted);
  } else {
    frames?.flush();
    isStopped = true;
    tell({ kind: 'stopped' });
  }
};
tell({ kind: 'ready' });

/** Until the track ends, another takes its place or the page stops it. */
async function listen({ readable, frameSamples }: ListenCommand): Promise<void> {
  const reader = readable.getReader();
  current?.cancel().catch(() => {});
  current = reader;
  frames?.flush();
  frames = undefined;
  let rateHz = 0;
  let mono = new Float32Array(0);
  let channel = new Float32Array(0);
  for (;;) {
    const { done, value: sound } = await reader.read();
    if (done) return;
    if (reader !== current) {
      sound.close();
      return;
    }
    const { numberOfFrames: count, numberOfChannels: channels } = sound;
    if (sound.sampleRate !== rateHz) {
      rateHz = sound.sampleRate;
      frames?.flush();
      frames = new FrameMaker({ inputRateHz: Math.round(rateHz), frameSamples, sink: post });
      frames.mute(isMuted);
    }
    if (mono.length !== count) {
      mono = new Float32Array(count);
      channel = new Float32Array(count);
    }
    sound.copyTo(mono, { planeIndex: 0, format: 'f32-planar' });
    for (let planeIndex = 1; planeIndex < channels; planeIndex++) {
      sound.copyTo(channel, { planeIndex, format: 'f32-planar' });
      for (let at = 0; at < count; at++) mono[at] = (mono[at] ?? 0) + (channel[at] ?? 0);
    }
    if (channels > 1) for (let at = 0; at < count; at++) mono[at] = (mono[at] ?? 0) / channels;
    sound.close();
    if (!isStopped) frames?.push(mono);
  }
}

function post(samples: Int16Array<ArrayBuffer>, count: number, rms: number, peak: number): void {
  tell({ kind: 'frame', samples, count, rms, peak }, [samples.buffer]);
}

function tell(notice: CaptureNotice, transfer: Transferable[] = []): void {
  self.postMessage(notice, { transfer });
}
