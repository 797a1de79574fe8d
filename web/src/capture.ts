/**
 * The microphone's way off the main thread: a worker that reads the track where the browser has that, the capture
 * worklet elsewhere. Both make the same frames and say the same things.
 * @module
 */
import { attempt, audioError } from './audio-errors.ts';
import type { AudioHost } from './audio-host.ts';
import type { AIError } from './errors.ts';
import type { Teardown } from './teardown.ts';
import {
  CAPTURE_PROCESSOR,
  type CaptureCommand,
  type CaptureNotice,
  type CaptureOptions,
} from './worklet-messages.ts';
import type { WorkletUrls } from './worklet-urls.ts';

/** How long a worker may take to load before the worklet does its work, in ms. Ours. */
const LOADING_MS = 2_000;

/** To the capture worker, first: what to read, and how long a frame is in samples of 16 kHz. */
export interface ListenCommand {
  readonly kind: 'listen';
  readonly readable: ReadableStream<AudioData>;
  readonly frameSamples: number;
}

/** Either end of a worker or of a worklet's port. */
export interface CapturePort {
  postMessage(command: CaptureCommand | ListenCommand, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<CaptureNotice>) => void) | null;
}

/** A way that is ready to hear a stream. */
export interface Capture {
  readonly port: CapturePort;
  readonly kind: 'worker' | 'worklet';
  /** Makes frames of this stream from here on, and none of another that it was given before. */
  listen(stream: MediaStream): void;
}

/** What {@link openCapture} takes. */
export interface CaptureSetting {
  readonly host: AudioHost;
  readonly context: AudioContext;
  readonly teardown: Teardown;
  readonly urls: WorkletUrls;
  readonly frameSamples: number;
  readonly onFailed: (error: AIError) => void;
}

/**
 * Makes the better way ready, or else the other: a worker that cannot be loaded, because it is not hosted or the
 * page's CSP forbids it, is no failure. Rejects with {@link AIError} `error` where the worklet cannot be loaded
 * either. Adds its closing to `teardown`.
 */
export async function openCapture(setting: CaptureSetting): Promise<Capture> {
  return (await openWorker(setting)) ?? (await openWorklet(setting));
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

async function openWorker(setting: CaptureSetting): Promise<Capture | undefined> {
  const { host, teardown, urls, frameSamples, onFailed } = setting;
  if (!host.canReadTracks()) return undefined;
  let worker: Worker;
  try {
    worker = host.createWorker(urls.worker);
  } catch {
    return undefined;
  }
  teardown.add(() => worker.terminate());
  const isReady = await new Promise<boolean>((settle) => {
    worker.onmessage = () => settle(true);
    worker.onerror = () => settle(false);
    host.after(LOADING_MS, () => settle(false));
  });
  if (!isReady) {
    worker.terminate();
    return undefined;
  }
  worker.onerror = () => onFailed(audioError('The capture worker stopped working.'));
  return {
    kind: 'worker',
    port: worker,
    listen(stream) {
      const [track] = stream.getAudioTracks();
      const readable = track && host.readTrack(track);
      if (!readable) return;
      const command: ListenCommand = { kind: 'listen', readable, frameSamples };
      worker.postMessage(command, [readable]);
    },
  };
}

async function openWorklet(setting: CaptureSetting): Promise<Capture> {
  const { host, context, teardown, urls, onFailed } = setting;
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
  return {
    kind: 'worklet',
    port: node.port,
    listen(stream) {
      const next = context.createMediaStreamSource(stream);
      microphone?.disconnect();
      microphone = next;
      next.connect(node);
    },
  };
}
