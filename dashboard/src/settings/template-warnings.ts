/**
 * What is allowed in a template and may still not be meant. Pure.
 * @module
 */
import {
  isObject,
  liveModel,
  modelId,
  pathsIn,
  SETUP_FIELDS,
  shutdownWarning,
  VOICES,
} from '@livegate/protocol';
import { type Draft, jsonAt } from './draft.ts';
import type { Warning } from './field.ts';
import { askedModalities } from './locked-rows.ts';
import { instructionOf, variableRows } from './template-text.ts';

const MODALITIES_PATH = 'setup.generationConfig.responseModalities';
const VOICE_PATH = 'setup.generationConfig.speechConfig.voiceConfig.prebuiltVoiceConfig.voiceName';

/** What a template is warned of. */
export function templateWarnings(draft: Draft, { nowMs }: { readonly nowMs: number }): readonly Warning[] {
  const model = jsonAt(draft, 'setup.model');
  const voice = jsonAt(draft, VOICE_PATH);
  return [
    ...(typeof model === 'string' ? modelWarnings(draft, model, nowMs) : []),
    ...(askedModalities(draft).length > 1
      ? [{ path: MODALITIES_PATH, words: 'A session answers in one: with more every mint is refused.' }]
      : []),
    ...(typeof voice === 'string' && !Object.hasOwn(VOICES, voice)
      ? [{ path: VOICE_PATH, words: 'There is no such voice; names are case-sensitive.' }]
      : []),
    ...(isObject(draft.setup) ? pathsIn(draft.setup) : [])
      .filter((path) => SETUP_FIELDS[path].backend === 'vertex')
      .map((path) => ({
        path: `setup.${path}`,
        words: 'The Developer API has no such field: it is left out.',
      })),
    ...(instructionOf(draft).texts.every(({ text }) => text.trim() === '')
      ? [{ path: 'setup.systemInstruction', words: 'Without an instruction the model does what it likes.' }]
      : []),
    ...variableRows(draft)
      .filter(({ declared }) => declared !== null && !Object.hasOwn(declared, 'default'))
      .map(({ name }) => ({ path: 'variables', words: `A page must give ${name}: it has no default.` })),
    ...(jsonAt(draft, 'setup.contextWindowCompression') === undefined
      ? [
          {
            path: 'setup.contextWindowCompression.triggerTokens',
            words:
              'Without compression the service ends spoken sessions after 15 minutes, with video after two.',
          },
        ]
      : []),
  ];
}

function modelWarnings(draft: Draft, name: string, nowMs: number): readonly Warning[] {
  const path = 'setup.model';
  const known = liveModel(name);
  if (known === undefined)
    return [{ path, words: `${modelId(name).slice(0, 80)} is not known here; it may be misspelt.` }];
  const ends = shutdownWarning(name, nowMs);
  const wrong = askedModalities(draft).filter((each) => !known.modalities.some((one) => one === each));
  return [
    ...(ends === undefined ? [] : [{ path, words: ends }]),
    ...(wrong.length === 0
      ? []
      : [
          {
            path: MODALITIES_PATH,
            words: `${modelId(name)} answers in ${known.modalities.join(' or ')}: every mint is refused.`,
          },
        ]),
    ...(jsonAt(draft, 'setup.generationConfig.enableAffectiveDialog') === true && !known.affective
      ? [
          {
            path: 'setup.generationConfig.enableAffectiveDialog',
            words: `${modelId(name)} knows no affective dialog.`,
          },
        ]
      : []),
  ];
}
