/**
 * Lets the model see the user's camera, or a screen or window that the user chooses: a picture a second.
 * @module
 */
import { type LiveSession, type LiveVideo, sendVideo } from '@livegate/web';
import { problemOf } from './problems.ts';

/** What is shared. */
export type PictureSource = 'camera' | 'screen';

/** What is being shared, with what a preview needs. */
export interface Picture {
  readonly source: PictureSource;
  readonly stream: MediaStream;
  /** Pictures sent so far. */
  readonly sent: () => number;
}

/** What happens to it. `remark`: why it stopped, where the user did not stop it here. */
export type PictureEvent =
  | { readonly kind: 'picture'; readonly picture: Picture }
  | { readonly kind: 'no-picture'; readonly remark: string | null };

/** Shares one picture at a time beside a session. */
export class PictureShare {
  readonly #session: LiveSession;
  readonly #tell: (event: PictureEvent) => void;
  #video: LiveVideo | undefined;
  #turn = 0;

  constructor(session: LiveSession, tell: (event: PictureEvent) => void) {
    this.#session = session;
    this.#tell = tell;
  }

  /** Shows the model this instead of what it sees. Never rejects: a refusal of the browser is told as a remark. */
  async show(source: PictureSource): Promise<void> {
    await this.stop();
    const mine = this.#turn;
    try {
      const video = await sendVideo(this.#session, source, {
        // The browser has a button of its own to end a screen: then this is told, and nothing else.
        onEnded: (end) => {
          if (mine === this.#turn)
            this.#over(end.reason === 'failed' ? problemOf(end.error).title : WHY[end.reason]);
        },
      });
      if (mine !== this.#turn) return await video.stop();
      this.#video = video;
      const picture = { source, stream: video.stream, sent: () => video.figures.sent };
      this.#tell({ kind: 'picture', picture });
    } catch (error) {
      const { title, advice } = problemOf(error);
      if (mine === this.#turn) this.#over(`${title}. ${advice}`);
    }
  }

  /** Stops showing. Turns camera or screen off. */
  async stop(): Promise<void> {
    this.#turn += 1;
    const video = this.#video;
    this.#over(null);
    await video?.stop();
  }

  #over(remark: string | null): void {
    this.#video = undefined;
    this.#tell({ kind: 'no-picture', remark });
  }
}

const WHY = {
  stopped: null,
  ended: 'Sharing was ended by the browser or the system. The talk goes on.',
  'session-ended': null,
} as const;
