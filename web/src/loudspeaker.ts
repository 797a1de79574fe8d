/**
 * How loud a conversation is, and whether it is held.
 * @module
 */
import type { AudioGraph } from './audio-graph.ts';

/** Time constant of a change of volume, in seconds: no click, no delay that one hears. */
const VOLUME_SECONDS = 0.01;
/** After so many ms a pause's fade is inaudible: −43 dB. */
const FADED_MS = VOLUME_SECONDS * 5_000;

/** The end of a graph that people hear. */
export class Loudspeaker {
  readonly #graph: Pick<AudioGraph, 'context' | 'output' | 'tell'>;
  readonly #after: (ms: number, wake: () => void) => () => void;
  #volume = 1;
  #isPaused = false;

  constructor(
    graph: Pick<AudioGraph, 'context' | 'output' | 'tell'>,
    options: { readonly after: (ms: number, wake: () => void) => () => void },
  ) {
    this.#graph = graph;
    this.#after = options.after;
  }

  /** 0 is silent, 1 as loud as the model speaks. */
  setVolume(volume: number): void {
    this.#volume = volume;
    if (!this.#isPaused) this.#fadeTo(volume);
  }

  /** Holds what plays, softly, or goes on with it. Nothing is lost. */
  pause(isPaused: boolean): void {
    if (isPaused === this.#isPaused) return;
    this.#isPaused = isPaused;
    this.#fadeTo(isPaused ? 0 : this.#volume);
    if (!isPaused) this.#graph.tell({ kind: 'pause', isPaused: false });
    else
      this.#after(FADED_MS, () => {
        if (this.#isPaused) this.#graph.tell({ kind: 'pause', isPaused: true });
      });
  }

  #fadeTo(volume: number): void {
    const { context, output } = this.#graph;
    output?.gain.setTargetAtTime(volume, context.currentTime, VOLUME_SECONDS);
  }
}
