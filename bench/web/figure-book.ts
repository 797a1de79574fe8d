/**
 * Where the figures of a run are collected.
 * @module
 */
import type { Adapter } from './adapters.ts';

/** A book as it is written down. */
export interface WrittenBook {
  readonly lost: readonly string[];
  /** By name and module. */
  readonly figures: readonly (readonly [string, readonly number[]])[];
}

/** Figures by name and module, one of each round. */
export class FigureBook {
  /** What could not be measured, as people read it. */
  readonly lost: string[] = [];
  readonly #figures = new Map<string, readonly number[]>();

  add(figure: string, adapter: Adapter, value: number): void {
    const key = `${figure} ${adapter}`;
    this.#figures.set(key, [...(this.#figures.get(key) ?? []), value]);
  }

  /** In the order of the rounds. Empty for what was not measured. */
  of(figure: string, adapter: Adapter): readonly number[] {
    return this.#figures.get(`${figure} ${adapter}`) ?? [];
  }

  get written(): WrittenBook {
    return { lost: this.lost, figures: [...this.#figures] };
  }

  /** Adds all that another book holds. */
  take({ lost, figures }: WrittenBook): void {
    this.lost.push(...lost);
    for (const [key, values] of figures)
      this.#figures.set(key, [...(this.#figures.get(key) ?? []), ...values]);
  }
}
