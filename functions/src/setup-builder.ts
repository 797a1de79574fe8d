/**
 * The setup a token is locked to. Built by the server out of template, policy and the wishes it allows; what the
 * page sends never reaches the token unseen. Pure.
 * @module
 */
import {
  isSetupPath,
  type LivePolicyDocument,
  type LiveSetup,
  type LiveTemplateDocument,
  liveModel,
  lockedPaths,
  modelId,
  override,
  pathsIn,
  pick,
  SETUP_FIELDS,
  type SetupPath,
  VOICES,
  valueAt,
} from '@livegate/protocol';
import { Refusal } from './refusal.ts';

/** What a setup is built from. */
export interface SetupOrder {
  readonly policy: LivePolicyDocument;
  readonly template: LiveTemplateDocument | null;
  readonly model: string;
  /** What the page wishes for. */
  readonly wishes: Partial<LiveSetup>;
  /** The connection seeds its history instead of resuming. */
  readonly fresh: boolean;
}

/** What goes into the token, and what the page may see of it. */
export interface BuiltSetup {
  /** `bidiGenerateContentSetup`: holds masked paths only. */
  readonly constraints: LiveSetup;
  /** `fieldMask`, never empty. */
  readonly fieldMask: string;
  /** The client's first frame: everything but a template's instruction and tools. */
  readonly visible: Partial<LiveSetup> & { readonly model: string };
  readonly openFields: readonly SetupPath[];
}

/** What a template holds and a page never sees. */
const SECRET_OF_TEMPLATE = ['systemInstruction', 'tools'] as const satisfies readonly SetupPath[];

/**
 * Builds the setup, or throws {@link Refusal}: `model`, `modality`, `voice`, or `field` naming the first wished
 * path that the policy does not allow.
 */
export function buildSetup({ policy, template, model, wishes, fresh }: SetupOrder): BuiltSetup {
  const id = modelId(model);
  if (!policy.models.includes(id)) {
    throw new Refusal('model', `The policy does not allow the model ${id}.`, { field: 'model' });
  }
  const open = openPaths(policy);
  const asked = pathsIn(wishes).filter((path) => path !== 'model' && path !== 'sessionResumption');
  for (const path of asked) {
    if (SETUP_FIELDS[path].backend === 'vertex')
      throw new Refusal('field', `The Developer API has no field ${path}.`, { field: path });
    if (!open.includes(path) && !policy.settableFields.includes(path)) {
      throw new Refusal('field', `The policy does not let a page set ${path}.`, { field: path });
    }
  }
  const merged: LiveSetup = {
    ...override<Partial<LiveSetup>>(template?.setup ?? {}, wishes, asked),
    model: `models/${id}`,
  };
  const whole = withModality(
    fresh ? { ...merged, historyConfig: { initialHistoryInClientContent: true } } : merged,
    policy,
  );
  checkVoice(whole, policy);

  const locked = lockedPaths(open);
  const constraints = pick(whole, locked);
  const hidden = template
    ? SECRET_OF_TEMPLATE.filter(
        (path) => valueAt(template.setup, path) !== undefined && !asked.includes(path),
      )
    : [];
  const visible = pick(
    whole,
    pathsIn(whole).filter((path) => !hidden.some((secret) => secret === path)),
  );
  return {
    constraints: { ...constraints, model: whole.model },
    fieldMask: locked.join(','),
    visible: { ...visible, model: whole.model },
    openFields: ['sessionResumption', ...open],
  };
}

/** The policy's open paths, less the ones that must never be open: the model, and the answer's kind and length. */
function openPaths(policy: LivePolicyDocument): readonly SetupPath[] {
  return policy.openFields.filter(
    (path) => isSetupPath(path) && path !== 'sessionResumption' && !NEVER_OPEN.includes(path),
  );
}

const NEVER_OPEN: readonly SetupPath[] = [
  'model',
  'generationConfig.responseModalities',
  'generationConfig.maxOutputTokens',
];

function withModality(setup: LiveSetup, policy: LivePolicyDocument): LiveSetup {
  const known = liveModel(setup.model)?.modalities;
  const [modality = known?.[0] ?? 'AUDIO', ...more] = (setup.generationConfig?.responseModalities ?? []).map(
    (each) => each.toUpperCase(),
  );
  const field = 'generationConfig.responseModalities';
  if (more.length > 0) throw new Refusal('modality', 'A session answers in one modality.', { field });
  if (!policy.modalities.includes(modality))
    throw new Refusal('modality', `The policy does not allow ${modality}.`, { field });
  if (known && !known.some((each) => each === modality)) {
    throw new Refusal(
      'modality',
      `${modelId(setup.model)} answers in ${known.join(' or ')}, not in ${modality}.`,
      { field },
    );
  }
  return { ...setup, generationConfig: { ...setup.generationConfig, responseModalities: [modality] } };
}

function checkVoice(setup: LiveSetup, policy: LivePolicyDocument): void {
  const voice = setup.generationConfig?.speechConfig?.voiceConfig?.prebuiltVoiceConfig?.voiceName;
  if (voice === undefined) return;
  const field = 'generationConfig.speechConfig';
  if (policy.voices !== 'any' && !policy.voices.includes(voice)) {
    throw new Refusal('voice', 'The policy does not allow this voice.', { field });
  }
  if (policy.voices === 'any' && !Object.hasOwn(VOICES, voice)) {
    throw new Refusal('voice', 'There is no such voice; names are case-sensitive.', { field });
  }
}
