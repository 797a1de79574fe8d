/**
 * The microphone's way off the main thread: the live worker reads the track where the browser has that; elsewhere the
 * capture worklet makes the frames and hands them to the worker, or to the page where there is none.
 * @module
 */
import { attempt, audioError } from './audio-errors.ts';
import type { AudioHost } from './audio-host.ts';
import type { AIError } from './errors.ts';
import type { Level } from './level-meter.ts';
import { bytesOf } from './pcm.ts';
import type { RemoteLine } from './remote-line.ts';
import type { Teardown } from './teardown.ts';
import {
  CAPTURE_PROCESSOR,
  type CaptureCommand,
  type CaptureNotice,
  type CaptureOptions,
} from './worklet-messages.ts';
import type { WorkletUrls } from './worklet-urls.ts';

/** Frames that go back to the capture worklet in one message. */
const RECYCLED_AT_ONCE = 8;

/** A way that is ready to hear a stream. */
export interface Capture {
  readonly kind: 'track' | 'worklet';
  /** Makes frames of this stream from here on, and none of another that it was given before. */
  listen(stream: MediaStream): void;
  command(command: CaptureCommand): void;
}

/** Hears a worklet that has no line. */
export interface CaptureListener {
  /** 16 kHz PCM16LE mono, the listener's to keep. */
  frame(samples: Uint8Array, level: Level): void;
  /** The last frame has come. */
  stopped(): void;
}

/** What {@link openCapture} takes. */
export interface CaptureSetting {
  readonly host: AudioHost;
  readonly context: AudioContext;
  readonly teardown: Teardown;
  readonly urls: WorkletUrls;
  readonly frameSamples: number;
  /** In the live worker; frames go there, and `listener` hears nothing. */
  readonly line: RemoteLine | undefined;
  readonly listener: CaptureListener;
  readonly onFailed: (error: AIError) => void;
}

/**
 * Makes a way ready. Rejects with {@link AIError} `error` where the worklet is needed and cannot be loaded. Adds its
 * closing to `teardown`.
 */
export async function openCapture(setting: CaptureSetting): Promise<Capture> {
  const { host, line } = setting;
  if (!line || !host.canReadTracks()) return openWorklet(setting);
  return {
    kind: 'track',
    command: (command) => line.capture(command),
    listen(stream) {
      const [track] = stream.getAudioTracks();
      if (track) line.listen(host.readTrack(track));
    },
  };
}

/** Loads a worklet's module. Rejects with {@link AIError} `error`. */
export async function loadWorklet(context: AudioContext, url: string | URL): Promise<void> {
  try {
    await context.audioWorklet.addModule(url);
  } catch (cause) {
    throw audioError(
      `The audio worklet ${url} could not be loaded. Check that it is served as JavaScript and that the page's CSP allows it, or name another address in workletUrls.`,
      cause,
    );
  }
}

async function openWorklet(setting: CaptureSetting): Promise<Capture> {
  const { host, context, teardown, urls, line, listener, onFailed } = setting;
  await loadWorklet(context, urls.capture);
  const processorOptions: CaptureOptions = { frameSamples: setting.frameSamples };
  const node = attempt('The capture worklet could not be started.', () =>
    host.createWorklet(context, CAPTURE_PROCESSOR, {
      numberOfInputs: 1,
      channelCount: 1,
      channelCountMode: 'explicit',
      processorOptions,
    }),
  );
  let microphone: MediaStreamAudioSourceNode | undefined;
  teardown.add(() => {
    microphone?.disconnect();
    node.disconnect();
    node.port.close();
  });
  node.onprocessorerror = () => onFailed(audioError('The capture worklet stopped working.'));
  // It says nothing there, but Safari runs only what leads to the loudspeaker.
  node.connect(context.destination);
  if (line) {
    const { port1, port2 } = host.createChannel();
    node.port.postMessage({ kind: 'through', port: port1 } satisfies CaptureCommand, [port1]);
    line.listen(port2);
  }
  return {
    kind: 'worklet',
    command: (command) => (line ? line.capture(command) : node.port.postMessage(command)),
    listen(stream) {
      if (!line && !microphone) hearWorklet(node.port, listener);
      const next = context.createMediaStreamSource(stream);
      microphone?.disconnect();
      microphone = next;
      next.connect(node);
    },
  };
}

function hearWorklet(port: MessagePort, listener: CaptureListener): void {
  const read: Int16Array<ArrayBuffer>[] = [];
  port.onmessage = ({ data }: MessageEvent<CaptureNotice>) => {
    if (data.kind === 'stopped') {
      listener.stopped();
      return;
    }
    const { samples, count, rms, peak } = data;
    // A copy, because a session that is moving keeps its frames while this array goes back.
    listener.frame(bytesOf(samples.slice(0, count)), { rms, peak });
    read.push(samples);
    if (read.length < RECYCLED_AT_ONCE) return;
    const frames = read.splice(0);
    port.postMessage(
      { kind: 'recycle', frames } satisfies CaptureCommand,
      frames.map(({ buffer }) => buffer),
    );
  };
}
