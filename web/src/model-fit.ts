/**
 * What a model does not take, said before anything is charged. Pure; read from the table of `@livegate/protocol`
 * that the emulator reads too. Of a model that is not in the table nothing is known: the service decides.
 * @module
 */
import { type LiveModel, type LiveSetup, liveModel, modelId } from '@livegate/protocol';
import { AIError } from './errors.ts';
import type { LiveFields } from './wished-setup.ts';

/** A field that the model does not take, and what to do instead. */
interface Misfit {
  readonly field: string;
  readonly remedy: string;
}

type Rule = (setup: Partial<LiveSetup>, model: LiveModel) => Misfit | undefined | false;

const RULES: readonly Rule[] = [
  ({ generationConfig }, { modalities }) => {
    const asked = generationConfig?.responseModalities?.map((each) => each.toUpperCase()) ?? [];
    if (asked.length < 2 && asked.every((each) => modalities.some((one) => one === each))) return false;
    const remedy =
      asked.length > 1
        ? `ask for one modality (${modalities.join(' or ')})`
        : asked[0] === 'TEXT'
          ? "it answers in audio only: pass the option textFrom: 'transcription' to read its transcript (billed as audio)"
          : `ask for ${modalities.join(' or ')}`;
    return { field: 'generationConfig.responseModalities', remedy };
  },
  ({ generationConfig }, { thinking }) => {
    const wish = generationConfig?.thinkingConfig;
    if (wish === undefined) return false;
    const field = 'generationConfig.thinkingConfig';
    if (thinking === 'none') return { field, remedy: 'leave it out: this model decides by itself' };
    if (thinking === 'level' && wish.thinkingBudget !== undefined)
      return { field: `${field}.thinkingBudget`, remedy: 'use thinkingLevel' };
    if (thinking === 'budget' && wish.thinkingLevel !== undefined)
      return { field: `${field}.thinkingLevel`, remedy: 'use thinkingBudget' };
    return false;
  },
  ({ generationConfig }, { affective }) =>
    generationConfig?.enableAffectiveDialog === true &&
    !affective && {
      field: 'generationConfig.enableAffectiveDialog',
      remedy: 'leave it out, or choose a model with affective dialog',
    },
  ({ proactivity }, { proactive }) => {
    const field = 'proactivity.proactiveAudio';
    const wish = (proactivity as { readonly proactiveAudio?: boolean } | undefined)?.proactiveAudio;
    if (wish === false && proactive === 'always')
      return { field, remedy: 'leave it out: proactive audio is always on there' };
    if (wish === true && proactive === 'none')
      return { field, remedy: 'leave it out, or choose a model with proactive audio' };
    return false;
  },
  ({ tools }, { functions }) => {
    const isBeside = tools
      ?.flatMap((tool) => tool.functionDeclarations ?? [])
      .some((each) => (each as { readonly behavior?: unknown }).behavior === 'NON_BLOCKING');
    return (
      isBeside === true &&
      functions === 'blocking-only' && {
        field: 'tools.functionDeclarations.behavior',
        remedy: 'leave it out: functions of this model always block',
      }
    );
  },
];

/**
 * Throws {@link AIError} `unsupported`, with `customErrorData.field`, for the first field of `setup` that the model
 * does not take; the message names the model and the remedy.
 */
export function checkFit(name: string, setup: Partial<LiveSetup>): void {
  const model = liveModel(name);
  if (!model) return;
  for (const rule of RULES) {
    const misfit = rule(setup, model);
    if (!misfit) continue;
    const { field, remedy } = misfit;
    throw new AIError('unsupported', `${modelId(name)} does not take ${field}; ${remedy}.`, { field });
  }
}

/**
 * What to ask an audio model for whose transcript is to be read as text: audio, and its transcription. A model that
 * answers text itself is asked for what the page says.
 */
export function askForTranscript(name: string, setup: Partial<LiveSetup>): Partial<LiveSetup> {
  if (!readsTranscript(name, setup)) return setup;
  return {
    ...setup,
    generationConfig: { ...setup.generationConfig, responseModalities: ['AUDIO'] },
    outputAudioTranscription: setup.outputAudioTranscription ?? {},
  };
}

/** True where text was asked for and the model has none but its transcript. */
export function readsTranscript(name: string, { generationConfig }: Partial<LiveSetup>): boolean {
  const asked = generationConfig?.responseModalities ?? [];
  const model: LiveModel | undefined = liveModel(name);
  return asked.some((each) => each.toUpperCase() === 'TEXT') && model?.modalities.includes('TEXT') !== true;
}

/** A wished setup with the fields that firebase/ai has no parameter for. */
export function withLive(said: Partial<LiveSetup>, live: LiveFields): Partial<LiveSetup> {
  const {
    template: _template,
    thinkingConfig,
    enableAffectiveDialog,
    mediaResolution,
    seed,
    translationConfig,
    ...top
  } = live;
  const generationConfig = {
    ...said.generationConfig,
    thinkingConfig,
    enableAffectiveDialog,
    mediaResolution,
    seed,
    translationConfig,
  };
  const isSaid = Object.values(generationConfig).some((value) => value !== undefined);
  return JSON.parse(
    JSON.stringify({ ...said, generationConfig: isSaid ? generationConfig : undefined, ...top }),
  ) as Partial<LiveSetup>;
}
