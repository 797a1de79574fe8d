/**
 * Where the figures of a run are collected.
 * @module
 */
import type { Adapter } from './adapters.ts';

/** Figures by name and module, one of each round. */
export class FigureBook {
  /** What could not be measured, as people read it. */
  readonly lost: string[] = [];
  readonly #figures = new Map<string, number[]>();

  add(figure: string, adapter: Adapter, value: number): void {
    const key = `${figure} ${adapter}`;
    this.#figures.set(key, [...(this.#figures.get(key) ?? []), value]);
  }

  /** In the order of the rounds. Empty for what was not measured. */
  of(figure: string, adapter: Adapter): readonly number[] {
    return this.#figures.get(`${figure} ${adapter}`) ?? [];
  }
}
