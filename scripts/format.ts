/**
 * `npm run format`: writes formatting, sorted imports and safe fixes.
 * @module
 */
import { binOf, runTool } from './tool.ts';

/** Writes the fixes. */
export function run(): Promise<number> {
  return runTool(binOf('@biomejs/biome', 'biome'), ['check', '--write']);
}
