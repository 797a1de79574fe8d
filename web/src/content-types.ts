/**
 * Content, parts and tools as firebase/ai types them. Fields are mutable because theirs are: a page's own
 * helpers must take either module's objects.
 * @module
 */
import type { FunctionCallingMode, Language, Outcome, Role } from './enums.ts';
import type { ObjectSchema, ObjectSchemaRequest } from './schema.ts';

/** Bytes with their type. `data` is base64. */
export interface GenerativeContentBlob {
  mimeType: string;
  data: string;
}

/** Where a piece of a video begins and ends, as Durations (`"1.5s"`). */
export interface VideoMetadata {
  startOffset: string;
  endOffset: string;
}

/** A file by address. */
export interface FileData {
  mimeType: string;
  fileUri: string;
}

/** A function the model asks for. Answer with the same `id`. */
export interface FunctionCall {
  id?: string;
  name: string;
  args: object;
}

/** The answer to a {@link FunctionCall}. */
export interface FunctionResponse {
  id?: string;
  name: string;
  response: object;
  parts?: Part[];
}

/** Code the model wrote. */
export interface ExecutableCode {
  language?: Language;
  code?: string;
}

/** What came of the code. */
export interface CodeExecutionResult {
  outcome?: Outcome;
  output?: string;
}

/** Text. */
export interface TextPart {
  text: string;
  inlineData?: never;
  functionCall?: never;
  functionResponse?: never;
  thought?: boolean;
  executableCode?: never;
  codeExecutionResult?: never;
}

/** Bytes in the message itself. */
export interface InlineDataPart {
  text?: never;
  inlineData: GenerativeContentBlob;
  functionCall?: never;
  functionResponse?: never;
  videoMetadata?: VideoMetadata;
  thought?: boolean;
  executableCode?: never;
  codeExecutionResult?: never;
}

/** A function call inside content. */
export interface FunctionCallPart {
  text?: never;
  inlineData?: never;
  functionCall: FunctionCall;
  functionResponse?: never;
  thought?: boolean;
  executableCode?: never;
  codeExecutionResult?: never;
}

/** A function's answer inside content. */
export interface FunctionResponsePart {
  text?: never;
  inlineData?: never;
  functionCall?: never;
  functionResponse: FunctionResponse;
  thought?: boolean;
  executableCode?: never;
  codeExecutionResult?: never;
}

/** A file inside content. */
export interface FileDataPart {
  text?: never;
  inlineData?: never;
  functionCall?: never;
  functionResponse?: never;
  fileData: FileData;
  thought?: boolean;
  executableCode?: never;
  codeExecutionResult?: never;
}

/** Code inside content. */
export interface ExecutableCodePart {
  text?: never;
  inlineData?: never;
  functionCall?: never;
  functionResponse?: never;
  fileData: never;
  thought?: never;
  executableCode?: ExecutableCode;
  codeExecutionResult?: never;
}

/** A code's outcome inside content. */
export interface CodeExecutionResultPart {
  text?: never;
  inlineData?: never;
  functionCall?: never;
  functionResponse?: never;
  fileData: never;
  thought?: never;
  executableCode?: never;
  codeExecutionResult?: CodeExecutionResult;
}

/** One piece of a {@link Content}. */
export type Part =
  | TextPart
  | InlineDataPart
  | FunctionCallPart
  | FunctionResponsePart
  | FileDataPart
  | ExecutableCodePart
  | CodeExecutionResultPart;

/** One entry of the conversation. */
export interface Content {
  role: Role;
  parts: Part[];
}

/** A function the model may call. `functionReference` is not called by a live session and is not sent. */
export interface FunctionDeclaration {
  name: string;
  description: string;
  /** Made by `Schema`, ours or firebase/ai's, or plain OpenAPI 3. */
  parameters?: ObjectSchema | ObjectSchemaRequest;
  // biome-ignore lint/complexity/noBannedTypes: so it is in firebase/ai, and pages pass their objects on.
  functionReference?: Function;
}

/** A set of functions. */
export interface FunctionDeclarationsTool {
  functionDeclarations?: FunctionDeclaration[];
}

/** Google Search has nothing to set. */
// biome-ignore lint/suspicious/noEmptyInterface: the mirrored type is empty, and pages extend it.
export interface GoogleSearch {}

/** Google Search as a tool. */
export interface GoogleSearchTool {
  googleSearch: GoogleSearch;
}

/** How Google Maps answers. */
export interface GoogleMaps {
  enableWidget?: boolean;
}

/** Google Maps as a tool. */
export interface GoogleMapsTool {
  googleMaps: GoogleMaps;
}

/** Code execution as a tool. Live models of today do not offer it. */
export interface CodeExecutionTool {
  codeExecution: object;
}

/** Reading of web pages has nothing to set. */
// biome-ignore lint/suspicious/noEmptyInterface: the mirrored type is empty, and pages extend it.
export interface URLContext {}

/** Reading of web pages as a tool. Live models of today do not offer it. */
export interface URLContextTool {
  urlContext: URLContext;
}

/** What the model may use. */
export type Tool =
  | FunctionDeclarationsTool
  | GoogleMapsTool
  | GoogleSearchTool
  | CodeExecutionTool
  | URLContextTool;

/** Whether functions are called, and which. */
export interface FunctionCallingConfig {
  mode?: FunctionCallingMode;
  allowedFunctionNames?: string[];
}

/** Degrees. */
export interface LatLng {
  latitude?: number;
  longitude?: number;
}

/** Where the user is and what they speak. */
export interface RetrievalConfig {
  latLng?: LatLng;
  languageCode?: string;
}

/** Shared by all tools of a session. */
export interface ToolConfig {
  functionCallingConfig?: FunctionCallingConfig;
  retrievalConfig?: RetrievalConfig;
}
