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
  NEVER_OPEN,
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
 * Builds the setup, or throws {@link Refusal}: `model`, `modality`, `voice`, `tool`, or `field` naming the first wished
 * path that the policy does not allow.
 */
export function buildSetup({ policy, template, model, wishes, fresh }: SetupOrder): BuiltSetup {
  const id = modelId(model);
  if (!policy.models.includes(id))
    throw new Refusal('model', `The policy does not allow the model ${id.slice(0, 80)}.`, { field: 'model' });
  if (wishes.model !== undefined && modelId(wishes.model) !== id)
    throw new Refusal('field', 'The setup names another model than the request.', { field: 'model' });
  if (template?.setup.model !== undefined && modelId(template.setup.model) !== id) {
    throw new Refusal('model', `The template is for the model ${modelId(template.setup.model)}.`, {
      field: 'model',
    });
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
  checkTools(whole, policy);

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

/** The policy's open paths, less the ones that must never be open: what bounds the cost of a token. */
function openPaths(policy: LivePolicyDocument): readonly SetupPath[] {
  return policy.openFields.filter(
    (path) =>
      isSetupPath(path) &&
      path !== 'sessionResumption' &&
      !NEVER_OPEN.includes(path) &&
      // What is left open cannot be looked at: a list of tools, or of voices, is none then.
      (path !== 'tools' || policy.tools === 'any') &&
      (path !== 'generationConfig.speechConfig' || policy.voices === 'any'),
  );
}

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

function checkTools({ tools = [] }: LiveSetup, policy: LivePolicyDocument): void {
  if (policy.tools === 'any') return;
  const allowed: readonly string[] = policy.tools;
  const kind = tools.flatMap((tool) => Object.keys(tool)).find((each) => !allowed.includes(each));
  if (kind !== undefined)
    throw new Refusal('tool', `The policy does not allow the tool ${kind}.`, { field: 'tools' });
}

function checkVoice({ generationConfig }: LiveSetup, { voices }: LivePolicyDocument): void {
  const speech = generationConfig?.speechConfig;
  const { prebuiltVoiceConfig, voice, replicatedVoiceConfig } = speech?.voiceConfig ?? {};
  const field = 'generationConfig.speechConfig';
  const names = [prebuiltVoiceConfig?.voiceName, voice].filter((name) => name !== undefined);
  if (voices === 'any') {
    if (names.some((name) => !Object.hasOwn(VOICES, name)))
      throw new Refusal('voice', 'There is no such voice; names are case-sensitive.', { field });
    return;
  }
  // A voice by another way than its name would get round a list of names.
  const isUnnamed = replicatedVoiceConfig !== undefined || speech?.multiSpeakerVoiceConfig !== undefined;
  if (isUnnamed || names.some((name) => !voices.includes(name)))
    throw new Refusal('voice', 'The policy does not allow this voice.', { field });
}
