/**
 * Lets the model see: pictures of a camera or a screen, a few a second.
 * @module
 */
import { encodeBase64 } from '@livegate/protocol';
import { ofSession } from './audio-errors.ts';
import { AIError } from './errors.ts';
import type { LiveSession } from './live-session.ts';
import { Teardown } from './teardown.ts';
import { videoError } from './video-errors.ts';
import { browserVideo, type Camera, type VideoHost } from './video-host.ts';
import { type VideoSettings, videoSettings } from './video-policy.ts';

/** What is seen: the user's camera, a screen or window that the user chooses, or a stream of the page's own. */
export type VideoSource = 'camera' | 'screen' | MediaStream;

/** What {@link sendVideo} takes. */
export interface VideoOptions extends VideoSettings {
  /** Which camera; any if unset. */
  readonly camera?: MediaTrackConstraints;
  /** Called once, when no more pictures are sent: `ended` when the user or the system stopped the stream. */
  readonly onEnded?: (end: VideoEnd) => void;
}

/** Why pictures stopped. */
export type VideoEnd =
  | { readonly reason: 'stopped' | 'ended' | 'session-ended' }
  | { readonly reason: 'failed'; readonly error: AIError };

/** Pictures that are being sent. */
export interface LiveVideo {
  /** For a `<video>` that shows the user what the model sees. */
  readonly stream: MediaStream;
  /** Pictures sent, and those left out because the one before was still under way. */
  readonly figures: { readonly sent: number; readonly skipped: number };
  /** Sends no more; turns a camera or screen off that was opened here. Idempotent, never rejects. */
  stop(): Promise<void>;
}

/** The part of a session that takes pictures. */
export type VideoSession = Pick<LiveSession, 'isClosed' | 'sendVideoRealtime'> & {
  readonly sessionId?: string | undefined;
};

/**
 * Sends JPEG pictures by `sendVideoRealtime()`, beside a conversation or without one, until it is stopped, the stream
 * ends or the session does. At most one is under way at a time: a slow network gets fewer, not older ones. Pictures
 * count as tokens of their own, and shorten how long a session may be.
 *
 * Rejects, with everything closed again:
 * - {@link AIError} `session-closed`: connect a new session.
 * - {@link AIError} `request-error`: a setting is out of bounds.
 * - {@link AIError} `error`: there is no picture; `customErrorData.video` (`camera-denied`, `no-camera`, `camera-busy`)
 *   and the message say what a person can do, `cause` is the browser's own.
 */
export function sendVideo(
  session: VideoSession,
  source: VideoSource,
  options: VideoOptions = {},
): Promise<LiveVideo> {
  return openVideo(session, source, { ...options, host: browserVideo });
}

/** {@link sendVideo} on any host. */
export async function openVideo(
  session: VideoSession,
  source: VideoSource,
  options: VideoOptions & { readonly host: VideoHost },
): Promise<LiveVideo> {
  const { host } = options;
  const teardown = new Teardown();
  try {
    if (session.isClosed) throw new AIError('session-closed', 'This session is closed. Connect a new one.');
    const settings = videoSettings(options);
    const stream = await openSource(source, options, teardown);
    const camera = await host.camera(stream);
    teardown.add(() => camera.close());
    const sender = new VideoSender({ session, camera, settings, host, teardown, onEnded: options.onEnded });
    for (const track of stream.getVideoTracks()) {
      const onEnded = (): void => void sender.end({ reason: 'ended' });
      track.addEventListener('ended', onEnded);
      teardown.add(() => track.removeEventListener('ended', onEnded));
    }
    sender.start();
    return {
      stream,
      get figures() {
        return sender.figures;
      },
      stop: () => sender.end({ reason: 'stopped' }),
    };
  } catch (cause) {
    await teardown.close();
    throw ofSession(cause instanceof AIError ? cause : videoError(cause), session);
  }
}

async function openSource(
  source: VideoSource,
  { camera = {}, host }: { readonly camera?: MediaTrackConstraints; readonly host: VideoHost },
  teardown: Teardown,
): Promise<MediaStream> {
  if (typeof source !== 'string') return source;
  const stream = await (source === 'camera' ? host.openCamera(camera) : host.openScreen());
  teardown.add(() => {
    for (const track of stream.getTracks()) track.stop();
  });
  return stream;
}

/** Takes and sends pictures until it ends, once. */
class VideoSender {
  readonly #session: VideoSession;
  readonly #camera: Camera;
  readonly #settings: Required<VideoSettings>;
  readonly #host: VideoHost;
  readonly #teardown: Teardown;
  readonly #onEnded: ((end: VideoEnd) => void) | undefined;
  #isEnded = false;
  #isBusy = false;
  #sent = 0;
  #skipped = 0;
  #dueAt = 0;
  #stopTimer = (): void => {};

  constructor(options: {
    readonly session: VideoSession;
    readonly camera: Camera;
    readonly settings: Required<VideoSettings>;
    readonly host: VideoHost;
    readonly teardown: Teardown;
    readonly onEnded: ((end: VideoEnd) => void) | undefined;
  }) {
    this.#session = options.session;
    this.#camera = options.camera;
    this.#settings = options.settings;
    this.#host = options.host;
    this.#teardown = options.teardown;
    this.#onEnded = options.onEnded;
  }

  get figures(): { readonly sent: number; readonly skipped: number } {
    return { sent: this.#sent, skipped: this.#skipped };
  }

  start(): void {
    this.#dueAt = this.#host.now();
    this.#tick();
  }

  async end(end: VideoEnd): Promise<void> {
    if (!this.#isEnded) {
      this.#isEnded = true;
      this.#stopTimer();
      void this.#teardown.close().then(() => this.#onEnded?.(end));
    }
    await this.#teardown.close();
  }

  #tick(): void {
    if (this.#isEnded) return;
    if (this.#session.isClosed) {
      void this.end({ reason: 'session-ended' });
      return;
    }
    if (this.#isBusy) this.#skipped++;
    else void this.#send();
    // From when it was due, so that the rate holds; from now after a stall, so that nothing is made up for.
    const period = 1_000 / this.#settings.framesPerSecond;
    this.#dueAt = Math.max(this.#dueAt + period, this.#host.now());
    this.#stopTimer = this.#host.after(this.#dueAt - this.#host.now(), () => this.#tick());
  }

  async #send(): Promise<void> {
    this.#isBusy = true;
    try {
      const picture = await this.#camera.take(this.#settings);
      if (!picture || this.#isEnded) return;
      await this.#session.sendVideoRealtime({ mimeType: 'image/jpeg', data: encodeBase64(picture) });
      this.#sent++;
    } catch (cause) {
      if (this.#session.isClosed) return void this.end({ reason: 'session-ended' });
      const error =
        cause instanceof AIError
          ? cause
          : new AIError('error', 'No picture could be taken.', undefined, { cause });
      void this.end({ reason: 'failed', error: ofSession(error, this.#session) });
    } finally {
      this.#isBusy = false;
    }
  }
}
