/**
 * The microphone's way off the main thread: the live worker reads the track where the browser has that; elsewhere the
 * capture worklet makes the frames and hands them to the worker, or to the page where there is none.
 * @module
 */
import { audioError } from './audio-errors.ts';
import type { AudioHost } from './audio-host.ts';
import type { AIError } from './errors.ts';
import { fetched } from './late.ts';
import { inWords } from './late-words.ts';
import type { Level } from './level-meter.ts';
import type { RemoteLine } from './remote-line.ts';
import type { Teardown } from './teardown.ts';
import type { CaptureCommand } from './worklet-messages.ts';
import type { WorkletUrls } from './worklet-urls.ts';

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
  if (!line || !host.canReadTracks()) return (await workletWay(host)).openWorklet(setting);
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
    const words = await inWords((rare) => rare.unloadable(url), `The worklet ${url} could not be loaded.`);
    throw audioError(words, cause);
  }
}

async function workletWay(host: AudioHost): Promise<typeof import('./capture-worklet.ts')> {
  try {
    return await fetched(() => import('./capture-worklet.ts'), { after: host.after, tries: 2 });
  } catch (cause) {
    throw audioError('The page could not load what captures sound.', cause);
  }
}
