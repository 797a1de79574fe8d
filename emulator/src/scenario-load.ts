/**
 * Loads scenarios: from YAML or JSON, from a module, or as they are.
 * @module
 */
import { readFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, extname, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isObject } from '@livegate/protocol';
import type { PcmAudio } from './answer.ts';
import { EmulatorError } from './errors.ts';
import type { Scenario } from './scenario.ts';
import type { FieldPath, Reading, ScenarioProblem } from './scenario-check.ts';
import { type ReadScenario, readScenario } from './scenario-read.ts';
import type { TextPlace } from './scenario-yaml.ts';
import { isSpeechInstalled } from './speech.ts';
import { prepareSpeech } from './speech-answer.ts';
import { readWav } from './speech-wav.ts';

/** A scenario that is whole: every field known, every sound read, every sentence spoken. */
export interface LoadedScenario extends ReadScenario {
  /** The file, as it was named; `scenario` where it came as an object. */
  readonly source: string;
}

/** What {@link loadScenario} may be told. */
export interface ScenarioSurroundings {
  /** Whether a voice for `say` is installed. Default: whether the optional package is. */
  readonly canSpeak?: boolean;
}

interface Source {
  readonly name: string;
  /** Where sound files are looked for. */
  readonly folder: string;
  readonly value: unknown;
  readonly placeOf: (problem: ScenarioProblem) => TextPlace | undefined;
}

const YAML_ENDINGS = ['.yaml', '.yml', '.json'];
const MODULE_ENDINGS = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'];

/**
 * Loads a scenario: a path of a `.yaml`, `.yml` or `.json` file or of a module with a default export, or the scenario
 * itself. Sound files are named from the scenario's folder. Rejects with {@link EmulatorError} `invalid-scenario`: a line
 * for everything that is wrong, as `file:line:column field: what` (no line for modules and objects).
 */
export async function loadScenario(
  scenario: string | Scenario,
  { canSpeak = isSpeechInstalled() }: ScenarioSurroundings = {},
): Promise<LoadedScenario> {
  const source = typeof scenario === 'string' ? await openSource(scenario) : givenSource(scenario);
  const reading: Reading = { problems: [], canSpeak, readSound: soundsOf(source.folder) };
  const read = readScenario(source.value, reading);
  if (!read || reading.problems.length > 0)
    throw invalid(
      source.name,
      reading.problems.map((problem) => lineOf(source, problem)),
    );
  if (read.sayings.length > 0) await prepareSpeech(read.sayings);
  return { ...read, source: source.name };
}

function givenSource(value: Scenario): Source {
  return { name: 'scenario', folder: process.cwd(), value, placeOf: () => undefined };
}

async function openSource(path: string): Promise<Source> {
  const file = resolve(path);
  const within = relative(process.cwd(), file);
  const name = within.startsWith('..') ? file : within;
  const ending = extname(file).toLowerCase();
  const folder = dirname(file);
  try {
    if (MODULE_ENDINGS.includes(ending))
      return { name, folder, value: await importScenario(file, name), placeOf: () => undefined };
    if (!YAML_ENDINGS.includes(ending))
      throw invalid(name, [
        `${name}: expected a file that ends in ${[...YAML_ENDINGS, ...MODULE_ENDINGS].join(', ')}`,
      ]);
    const { readYaml } = await import('./scenario-yaml.ts');
    const { value, errors, placeOf } = readYaml(await readFile(file, 'utf8'));
    if (errors.length > 0)
      throw invalid(
        name,
        errors.map(({ place, message }) => `${name}:${place.line}:${place.column} ${message}`),
      );
    return { name, folder, value, placeOf };
  } catch (error) {
    throw error instanceof EmulatorError ? error : invalid(name, [`${name}: ${whyUnread(error)}`], error);
  }
}

/** When each module was changed that has been loaded. */
const loadedModules = new Map<string, number>();

/** The default export, as it is now: a module changed since it was loaded has another address. */
async function importScenario(file: string, name: string): Promise<unknown> {
  const { mtimeMs } = await stat(file);
  const isChanged = (loadedModules.get(file) ?? mtimeMs) !== mtimeMs;
  if (!isChanged) loadedModules.set(file, mtimeMs);
  const address = `${pathToFileURL(file).href}${isChanged ? `?changed=${mtimeMs}` : ''}`;
  const module: unknown = await import(/* @vite-ignore */ address);
  if (isObject(module) && module.default !== undefined) return module.default;
  throw invalid(name, [`${name}: expected a module whose default export is a scenario`]);
}

function whyUnread(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'expected a file, found a folder';
  return `cannot be loaded: ${error instanceof Error ? error.message : String(error)}`;
}

function soundsOf(folder: string): (file: string) => PcmAudio {
  const known = new Map<string, PcmAudio>();
  return (file) => {
    const path = resolve(folder, file);
    const sound = known.get(path) ?? readSound(path);
    known.set(path, sound);
    return sound;
  };
}

function readSound(path: string): PcmAudio {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new Error(isMissing ? `There is no ${path}.` : 'It cannot be read.', { cause: error });
  }
  return readWav(bytes);
}

function lineOf({ name, placeOf }: Source, problem: ScenarioProblem): string {
  const place = placeOf(problem);
  const at = place ? `${name}:${place.line}:${place.column}` : `${name}:`;
  const field = pathText(problem.path);
  return `${at} ${field === '' ? '' : `${field}: `}${problem.message}`;
}

/** `rules[2].when.text`. */
function pathText(path: FieldPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

function invalid(name: string, lines: readonly string[], cause?: unknown): EmulatorError {
  const count = lines.length === 1 ? 'is 1 problem' : `are ${lines.length} problems`;
  return new EmulatorError(
    'invalid-scenario',
    `There ${count} in the scenario ${name}:\n${lines.join('\n')}`,
    cause === undefined ? undefined : { cause },
  );
}
