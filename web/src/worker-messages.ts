/**
 * What the page says to its live worker, and the worker to the page. Messages keep their order, both ways: the
 * handovers between the two rest on that. Sockets and lines (one a conversation) have numbers that the page gives.
 * @module
 */
import type { CaptureCommand, PlaybackCommand } from './worklet-messages.ts';

/** Where a line's sound comes from: a track's samples, or the port of a capture worklet. */
export type SoundSource = ReadableStream<AudioData> | MessagePort;

/** To the worker. */
export type WorkerCommand =
  | {
      readonly kind: 'open';
      readonly socket: number;
      readonly url: string;
      readonly protocols: readonly string[];
    }
  | { readonly kind: 'send'; readonly socket: number; readonly text: string }
  | { readonly kind: 'close'; readonly socket: number; readonly code: number; readonly reason: string }
  /** Begins a line, with frames of so many samples of 16 kHz. */
  | { readonly kind: 'line'; readonly line: number; readonly frameSamples: number }
  | { readonly kind: 'listen'; readonly line: number; readonly source: SoundSource }
  | { readonly kind: 'capture'; readonly line: number; readonly command: CaptureCommand }
  /** Keep the frames from here on and say `attached`: they will go to this socket. */
  | { readonly kind: 'attach'; readonly line: number; readonly socket: number; readonly serial: number }
  /** All that the page had is on the socket: send what was kept, and go on by yourself. */
  | { readonly kind: 'go'; readonly line: number; readonly serial: number }
  /** Frames are the page's again. */
  | { readonly kind: 'detach'; readonly line: number }
  /** Where the line's sound is played: the port of a playback worklet. */
  | { readonly kind: 'speaker'; readonly line: number; readonly port: MessagePort }
  /** For the playback worklet. */
  | { readonly kind: 'play'; readonly line: number; readonly command: PlaybackCommand }
  /** Mark the frames of this socket from here on, and keep their sound until `heard`. */
  | { readonly kind: 'hear'; readonly line: number; readonly socket: number; readonly serial: number }
  /** All that the page had to play is on its way: play what was kept, and go on by yourself. */
  | { readonly kind: 'heard'; readonly line: number; readonly serial: number }
  /** The line is over. */
  | { readonly kind: 'hang-up'; readonly line: number };

/** From the worker. */
export type WorkerNotice =
  | { readonly kind: 'ready' }
  /** Several at once, in order. */
  | { readonly kind: 'batch'; readonly notices: readonly WorkerNotice[] }
  | { readonly kind: 'opened'; readonly socket: number }
  /** `heard`: the serial of the {@link WorkerCommand} `hear` under which its sound was played, or will be. */
  | { readonly kind: 'frame'; readonly socket: number; readonly data: unknown; readonly heard?: number }
  | { readonly kind: 'failed'; readonly socket: number }
  | { readonly kind: 'closed'; readonly socket: number; readonly code: number; readonly reason: string }
  /** Of the page's text so many characters were handed to the socket, which has not sent so many bytes yet. */
  | { readonly kind: 'buffered'; readonly socket: number; readonly taken: number; readonly bytes: number }
  /** A frame that is the page's to send. */
  | {
      readonly kind: 'captured';
      readonly line: number;
      readonly samples: Int16Array<ArrayBuffer>;
      readonly rms: number;
      readonly peak: number;
    }
  | { readonly kind: 'attached'; readonly line: number; readonly serial: number }
  /** The socket of that `attach` is gone; frames are the page's again. */
  | { readonly kind: 'detached'; readonly line: number; readonly serial: number }
  /**
   * Frames that the worker has sent, one after the other in `samples`; `frames` holds three numbers of each: its
   * length in samples, its RMS and its peak. `unsentMs` of them did not fit into a socket that does not get rid of
   * anything.
   */
  | {
      readonly kind: 'sent';
      readonly line: number;
      readonly samples: Int16Array<ArrayBuffer>;
      readonly frames: Float32Array<ArrayBuffer>;
      readonly unsentMs: number;
    }
  /** The sound of its track could not be read; none of it is read any more. */
  | { readonly kind: 'broken'; readonly line: number }
  /** The last frame of a stopped capture is out. */
  | { readonly kind: 'stopped'; readonly line: number };
