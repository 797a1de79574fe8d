/**
 * What the paths of a setup and the kinds of tools are, in words. Pure.
 * @module
 */
import type { SetupPath, ToolKind } from '@livegate/protocol';

/** Setup path → what it decides. */
export const SETUP_WORDS = {
  model: 'the model',
  'generationConfig.candidateCount': 'how many answers are made',
  'generationConfig.enableAffectiveDialog': 'whether the voice answers to moods',
  'generationConfig.frequencyPenalty': 'penalty for words used often',
  'generationConfig.maxOutputTokens': 'the longest answer',
  'generationConfig.mediaResolution': 'how closely pictures are looked at',
  'generationConfig.presencePenalty': 'penalty for words used before',
  'generationConfig.responseModalities': 'whether answers are spoken or written',
  'generationConfig.seed': 'the seed of chance',
  'generationConfig.speechConfig': 'voice and language',
  'generationConfig.temperature': 'how daring answers are',
  'generationConfig.thinkingConfig': 'how much is thought',
  'generationConfig.topK': 'most likely words to choose from',
  'generationConfig.topP': 'share of likelihood to choose from',
  'generationConfig.translationConfig': 'translation',
  avatarConfig: 'an avatar',
  contextWindowCompression: 'how a long talk is shortened',
  historyConfig: 'whether a history is seeded',
  inputAudioTranscription: 'transcripts of what is said to the model',
  labels: 'labels on the bill',
  outputAudioTranscription: 'transcripts of what the model says',
  proactivity: 'whether the model may stay silent or begin',
  realtimeInputConfig: 'how speech is found and interruptions are treated',
  safetySettings: 'safety filters',
  sessionResumption: 'resumption, always the client’s own',
  systemInstruction: 'the instruction',
  tools: 'the tools',
  explicitVadSignal: 'signals of voice activity (Vertex AI)',
  toolConfig: 'how tools are called (Vertex AI)',
} as const satisfies Readonly<Record<SetupPath, string>>;

/** What an open path lets a client do. */
export const OPEN_MEANS: Readonly<Partial<Record<SetupPath, string>>> = {
  systemInstruction:
    'The client can replace the instruction, a template’s too: the model does what a stranger says.',
  tools: 'The client can bring any tool. It has no effect unless every tool is allowed.',
  'generationConfig.speechConfig':
    'The client can take any voice. It has no effect unless every voice is allowed.',
  'generationConfig.thinkingConfig': 'Thoughts are billed: the client decides how many.',
  'generationConfig.candidateCount': 'Each answer is billed: the client decides how many.',
  'generationConfig.mediaResolution': 'Pictures in high resolution cost more tokens.',
  safetySettings: 'The client can switch safety filters off.',
  labels: 'The client writes labels that stand on your bill.',
};

/** Kind of tool → what it does. */
export const TOOL_WORDS = {
  functionDeclarations: 'functions that the page runs',
  googleSearch: 'Google Search, billed by query',
  googleSearchRetrieval: 'the older Google Search',
  codeExecution: 'code that Google runs',
  urlContext: 'reading web addresses',
  googleMaps: 'Google Maps, billed by query',
  computerUse: 'operating a computer',
  fileSearch: 'searching files of the project',
  mcpServers: 'servers of the Model Context Protocol',
} as const satisfies Readonly<Record<ToolKind, string>>;
