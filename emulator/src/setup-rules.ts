/**
 * What a setup may hold for the model it names. One rule a line; the first that is broken is the answer.
 * @module
 */
import { type LiveModel, type LiveSetup, shutdownWarning, VOICES, valueAt } from '@livegate/protocol';
import type { Backend } from './endpoints.ts';
import { findModel, type LookupCircumstances, type NoModel } from './model-lookup.ts';

/** A setup that can be worked with. */
export interface AcceptedSetup {
  readonly setup: LiveSetup;
  readonly modality: 'AUDIO' | 'TEXT';
  readonly warnings: readonly string[];
}

/** Why a setup cannot. `problem` is for the journal and names fields, never values of a user. */
export type RefusedSetup =
  | NoModel
  | { readonly condition: 'invalid-setup'; readonly problem: string; readonly values?: undefined };

/** Fields with a fixed set of words. Source: the enums of @google/genai 3.1.0, read 2026-11-21. */
const WORDS = {
  'realtimeInputConfig.activityHandling': [
    'ACTIVITY_HANDLING_UNSPECIFIED',
    'START_OF_ACTIVITY_INTERRUPTS',
    'NO_INTERRUPTION',
  ],
  'realtimeInputConfig.turnCoverage': [
    'TURN_COVERAGE_UNSPECIFIED',
    'TURN_INCLUDES_ONLY_ACTIVITY',
    'TURN_INCLUDES_ALL_INPUT',
    'TURN_INCLUDES_AUDIO_ACTIVITY_AND_ALL_VIDEO',
  ],
  'realtimeInputConfig.automaticActivityDetection.startOfSpeechSensitivity': [
    'START_SENSITIVITY_UNSPECIFIED',
    'START_SENSITIVITY_HIGH',
    'START_SENSITIVITY_LOW',
  ],
  'realtimeInputConfig.automaticActivityDetection.endOfSpeechSensitivity': [
    'END_SENSITIVITY_UNSPECIFIED',
    'END_SENSITIVITY_HIGH',
    'END_SENSITIVITY_LOW',
  ],
} as const;

/** Numbers with bounds, both included. */
const BOUNDS = {
  'realtimeInputConfig.automaticActivityDetection.prefixPaddingMs': [0, 60_000],
  'realtimeInputConfig.automaticActivityDetection.silenceDurationMs': [0, 60_000],
  'generationConfig.temperature': [0, 2],
  'generationConfig.topP': [0, 1],
  'generationConfig.topK': [1, 1_000],
  'generationConfig.maxOutputTokens': [1, 65_536],
  'generationConfig.candidateCount': [1, 1],
} as const;

/** What the model makes of a field: a name of the field where it does not take it. Sources: model pages, read 2026-11-21. */
const MODEL_RULES: readonly ((setup: LiveSetup, model: LiveModel) => string | undefined | false)[] = [
  ({ generationConfig }, { modalities }) => {
    const asked = generationConfig?.responseModalities?.map((each) => each.toUpperCase()) ?? [];
    const isServed = asked.length < 2 && asked.every((each) => modalities.some((served) => served === each));
    return !isServed && 'generationConfig.responseModalities';
  },
  ({ generationConfig }) => {
    const voice = generationConfig?.speechConfig?.voiceConfig?.prebuiltVoiceConfig?.voiceName;
    return (
      voice !== undefined && !Object.hasOwn(VOICES, voice) && 'generationConfig.speechConfig.voiceConfig'
    );
  },
  ({ generationConfig }, { thinking }) =>
    generationConfig?.thinkingConfig !== undefined &&
    thinking === 'none' &&
    'generationConfig.thinkingConfig',
  ({ generationConfig }, { thinking }) => {
    const { thinkingBudget, thinkingLevel } = generationConfig?.thinkingConfig ?? {};
    if (thinkingBudget !== undefined && thinking === 'level')
      return 'generationConfig.thinkingConfig.thinkingBudget';
    return (
      thinkingLevel !== undefined && thinking === 'budget' && 'generationConfig.thinkingConfig.thinkingLevel'
    );
  },
  ({ generationConfig }, { affective }) =>
    generationConfig?.enableAffectiveDialog === true &&
    !affective &&
    'generationConfig.enableAffectiveDialog',
  ({ proactivity }, { proactive }) =>
    proactivity?.proactiveAudio === false && proactive === 'always' && 'proactivity.proactiveAudio',
  ({ proactivity }, { proactive }) =>
    proactivity?.proactiveAudio === true && proactive === 'none' && 'proactivity.proactiveAudio',
];

/** Fields that the Developer API does not take. Source: what @google/genai 3.1.0 refuses to send, read 2026-11-21. */
const VERTEX_ONLY = ['sessionResumption.transparent', 'explicitVadSignal'] as const;
const isSet = (value: unknown): boolean => value !== undefined && value !== false;

/** Judges a setup as the endpoint's service would. */
export function judgeSetup(
  setup: Partial<LiveSetup>,
  circumstances: LookupCircumstances,
): AcceptedSetup | RefusedSetup {
  const name = setup.model ?? '';
  const found = findModel(name, circumstances);
  if ('condition' in found) return found;
  const complete = { ...setup, model: name };
  const problem = brokenRule(complete, found, circumstances.backend);
  if (problem !== undefined) return { condition: 'invalid-setup', problem };
  const [asked] = complete.generationConfig?.responseModalities ?? found.modalities;
  const warning = shutdownWarning(name, circumstances.nowMs);
  return {
    setup: complete,
    modality: asked?.toUpperCase() === 'TEXT' ? 'TEXT' : 'AUDIO',
    warnings: warning === undefined ? [] : [warning],
  };
}

function brokenRule(setup: LiveSetup, model: LiveModel, backend: Backend): string | undefined {
  for (const [path, words] of Object.entries(WORDS)) {
    const value = valueAt(setup, path);
    if (value !== undefined && !words.some((word) => word === value))
      return `setup.${path}: expected one of ${words.join(', ')}`;
  }
  for (const [path, [least, most]] of Object.entries(BOUNDS)) {
    const value = valueAt(setup, path);
    if (typeof value === 'number' && (value < least || value > most))
      return `setup.${path}: expected ${least} to ${most}`;
  }
  for (const rule of MODEL_RULES) {
    const path = rule(setup, model);
    if (path) return `setup.${path}: not supported by this model`;
  }
  const foreign = VERTEX_ONLY.find((path) => backend === 'google-ai' && isSet(valueAt(setup, path)));
  if (foreign !== undefined) return `setup.${foreign}: Vertex AI alone has it`;
  return undefined;
}
