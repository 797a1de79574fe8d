/**
 * Which exports of @firebase/ai are its Live API: those that a Live page names, and all that their signatures reach.
 * @module
 */
import { type Declaration, namesIn } from './declarations.ts';

/** Where a Live page begins. Everything else follows from what these are made of. */
const ROOTS = [
  'getAI',
  'getLiveGenerativeModel',
  'startAudioConversation',
  'AgentPlatformBackend',
  'GoogleAIBackend',
  'VertexAIBackend',
  'AIError',
  'POSSIBLE_ROLES',
  'ResponseModality',
  // Builds the parameters of functions: no signature of the Live API names the class, every page that calls does.
  'Schema',
  'AudioConversationController',
] as const;
/** A new export with such a name is Live whatever reaches it. */
const LIVE_NAME = /Live|Resumption|AudioConversation|Transcription|GoingAway|ContextWindow|SlidingWindow/;

/** Members that lead out of the Live API, and why they are not followed. `Export.member`. */
export const NOT_FOLLOWED: Readonly<Record<string, string>> = {
  'CustomErrorData.response': 'the answer to a text request; no Live error of firebase/ai sets it',
};

/** Exports that are not Live, by what they belong to. A new export stands in none: somebody has to decide. */
export const NOT_LIVE: Readonly<Record<string, readonly string[]>> = {
  'text and pictures on request': [
    'BaseParams',
    'BlockReason',
    'ChatSession',
    'ChatSessionBase',
    'Citation',
    'CitationMetadata',
    'CountTokensRequest',
    'CountTokensResponse',
    'Date',
    'EnhancedGenerateContentResponse',
    'FinishReason',
    'GenerateContentCandidate',
    'GenerateContentRequest',
    'GenerateContentResponse',
    'GenerateContentResult',
    'GenerateContentStreamResult',
    'GenerationConfig',
    'GenerativeModel',
    'HarmBlockMethod',
    'HarmBlockThreshold',
    'HarmCategory',
    'HarmProbability',
    'HarmSeverity',
    'ImageConfig',
    'ImageConfigAspectRatio',
    'ImageConfigImageSize',
    'Modality',
    'ModalityTokenCount',
    'ModelParams',
    'PromptFeedback',
    'RequestOptions',
    'SafetyRating',
    'SafetySetting',
    'SingleRequestOptions',
    'StartChatParams',
    'ThinkingConfig',
    'ThinkingLevel',
    'UsageMetadata',
    'getGenerativeModel',
  ],
  'what such an answer rests on': [
    'GoogleMapsGroundingChunk',
    'GroundingChunk',
    'GroundingMetadata',
    'GroundingSupport',
    'RetrievedContextAttribution',
    'SearchEntrypoint',
    'Segment',
    'URLContextMetadata',
    'URLMetadata',
    'URLRetrievalStatus',
    'WebAttribution',
    'WebGroundingChunk',
  ],
  'models in the browser itself': [
    'ChromeAdapter',
    'HybridParams',
    'InferenceMode',
    'InferenceSource',
    'LanguageModelCreateCoreOptions',
    'LanguageModelCreateOptions',
    'LanguageModelDownloadMonitor',
    'LanguageModelMessage',
    'LanguageModelMessageContent',
    'LanguageModelMessageContentValue',
    'LanguageModelMessageRole',
    'LanguageModelMessageType',
    'LanguageModelPromptOptions',
    'OnDeviceParams',
  ],
  'prompts kept on the server, for text': [
    'StartTemplateChatParams',
    'TemplateChatSession',
    'TemplateFunctionDeclaration',
    'TemplateFunctionDeclarationsTool',
    'TemplateGenerativeModel',
    'TemplateTool',
    'TemplateToolConfig',
    'getTemplateGenerativeModel',
  ],
};

/** The exports sorted: the Live ones, and those that nobody has decided about. */
export interface LiveSurface {
  readonly live: readonly Declaration[];
  readonly undecided: readonly string[];
  /** Decided names that are no longer exported, or are Live by now. */
  readonly outdated: readonly string[];
}

/** Follows the roots through every public signature. */
export function liveSurface(declarations: readonly Declaration[]): LiveSurface {
  const all = new Map<string, Declaration[]>();
  for (const declaration of declarations)
    all.set(declaration.name, [...(all.get(declaration.name) ?? []), declaration]);
  const names = [...all.keys()];
  const left = new Set(Object.values(NOT_LIVE).flat());
  const live = new Set<string>();
  const waiting: string[] = [...ROOTS, ...names.filter((name) => LIVE_NAME.test(name))];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const found = all.get(name);
    if (live.has(name) || !found) continue;
    live.add(name);
    waiting.push(...found.flatMap(reached));
  }
  return {
    live: declarations.filter(({ name }) => live.has(name)),
    undecided: names.filter((name) => !live.has(name) && !left.has(name)),
    outdated: [...left, ...ROOTS].filter((name) => !all.has(name) || (left.has(name) && live.has(name))),
  };
}

function reached({ name, heading, members }: Declaration): readonly string[] {
  const followed = members.filter((member) => !(`${name}.${member.name}` in NOT_FOLLOWED));
  return [heading, ...followed.map(({ signature }) => signature)].flatMap(namesIn);
}
