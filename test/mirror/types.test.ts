import type * as theirs from '@firebase/ai';
import type * as ours from '@livegate/web';
import { describe, expect, test } from 'vitest';
import { type BothWays, type Fits, holds, type Public, type Same } from './equal-types.ts';

describe('the mirrored data types', () => {
  test('stand for firebase/ai’s and theirs for ours, member by member', () => {
    holds<Same<ours.AI, theirs.AI>>();
    holds<Same<ours.AIErrorCode, theirs.AIErrorCode>>();
    holds<Same<ours.AIOptions, theirs.AIOptions>>();
    holds<Same<ours.AudioConversationController, theirs.AudioConversationController>>();
    holds<Same<ours.AudioTranscriptionConfig, theirs.AudioTranscriptionConfig>>();
    holds<Same<ours.BackendType, theirs.BackendType>>();
    holds<Same<ours.BaseSpeechConfig, theirs.BaseSpeechConfig>>();
    holds<Same<ours.CodeExecutionResult, theirs.CodeExecutionResult>>();
    holds<Same<ours.CodeExecutionResultPart, theirs.CodeExecutionResultPart>>();
    holds<Same<ours.CodeExecutionTool, theirs.CodeExecutionTool>>();
    holds<Same<ours.Content, theirs.Content>>();
    holds<Same<ours.ContextWindowCompressionConfig, theirs.ContextWindowCompressionConfig>>();
    holds<Same<ours.ErrorDetails, theirs.ErrorDetails>>();
    holds<Same<ours.ExecutableCode, theirs.ExecutableCode>>();
    holds<Same<ours.ExecutableCodePart, theirs.ExecutableCodePart>>();
    holds<Same<ours.FileData, theirs.FileData>>();
    holds<Same<ours.FileDataPart, theirs.FileDataPart>>();
    holds<Same<ours.FunctionCall, theirs.FunctionCall>>();
    holds<Same<ours.FunctionCallingConfig, theirs.FunctionCallingConfig>>();
    holds<Same<ours.FunctionCallingMode, theirs.FunctionCallingMode>>();
    holds<Same<ours.FunctionCallPart, theirs.FunctionCallPart>>();
    holds<Same<ours.FunctionDeclaration, theirs.FunctionDeclaration>>();
    holds<Same<ours.FunctionDeclarationsTool, theirs.FunctionDeclarationsTool>>();
    holds<Same<ours.FunctionResponse, theirs.FunctionResponse>>();
    holds<Same<ours.FunctionResponsePart, theirs.FunctionResponsePart>>();
    holds<Same<ours.GenerativeContentBlob, theirs.GenerativeContentBlob>>();
    holds<Same<ours.GoogleMaps, theirs.GoogleMaps>>();
    holds<Same<ours.GoogleMapsTool, theirs.GoogleMapsTool>>();
    holds<Same<ours.GoogleSearch, theirs.GoogleSearch>>();
    holds<Same<ours.GoogleSearchTool, theirs.GoogleSearchTool>>();
    holds<Same<ours.InlineDataPart, theirs.InlineDataPart>>();
    holds<Same<ours.Language, theirs.Language>>();
    holds<Same<ours.LatLng, theirs.LatLng>>();
    holds<Same<ours.LiveGenerationConfig, theirs.LiveGenerationConfig>>();
    holds<Same<ours.LiveModelParams, theirs.LiveModelParams>>();
    holds<Same<ours.LiveResponseType, theirs.LiveResponseType>>();
    holds<Same<ours.LiveServerContent, theirs.LiveServerContent>>();
    holds<Same<ours.LiveServerGoingAwayNotice, theirs.LiveServerGoingAwayNotice>>();
    holds<Same<ours.LiveServerToolCall, theirs.LiveServerToolCall>>();
    holds<Same<ours.LiveServerToolCallCancellation, theirs.LiveServerToolCallCancellation>>();
    holds<Same<ours.LiveSessionResumptionUpdate, theirs.LiveSessionResumptionUpdate>>();
    holds<Same<ours.MultiSpeakerSpeechConfig, theirs.MultiSpeakerSpeechConfig>>();
    holds<Same<ours.MultiSpeakerVoiceConfig, theirs.MultiSpeakerVoiceConfig>>();
    holds<Same<ours.ObjectSchemaRequest, theirs.ObjectSchemaRequest>>();
    holds<Same<ours.Outcome, theirs.Outcome>>();
    holds<Same<ours.Part, theirs.Part>>();
    holds<Same<ours.PrebuiltVoiceConfig, theirs.PrebuiltVoiceConfig>>();
    holds<Same<ours.ResponseModality, theirs.ResponseModality>>();
    holds<Same<ours.RetrievalConfig, theirs.RetrievalConfig>>();
    holds<Same<ours.Role, theirs.Role>>();
    holds<Same<ours.SchemaInterface, theirs.SchemaInterface>>();
    holds<Same<ours.SchemaParams, theirs.SchemaParams>>();
    holds<Same<ours.SchemaRequest, theirs.SchemaRequest>>();
    holds<Same<ours.SchemaType, theirs.SchemaType>>();
    holds<Same<ours.SessionResumptionConfig, theirs.SessionResumptionConfig>>();
    holds<Same<ours.SingleSpeakerSpeechConfig, theirs.SingleSpeakerSpeechConfig>>();
    holds<Same<ours.SlidingWindow, theirs.SlidingWindow>>();
    holds<Same<ours.SpeakerVoiceConfig, theirs.SpeakerVoiceConfig>>();
    holds<Same<ours.SpeechConfig, theirs.SpeechConfig>>();
    holds<Same<ours.TextPart, theirs.TextPart>>();
    holds<Same<ours.Tool, theirs.Tool>>();
    holds<Same<ours.ToolConfig, theirs.ToolConfig>>();
    holds<Same<ours.Transcription, theirs.Transcription>>();
    holds<Same<ours.TypedSchema, theirs.TypedSchema>>();
    holds<Same<ours.URLContext, theirs.URLContext>>();
    holds<Same<ours.URLContextTool, theirs.URLContextTool>>();
    holds<Same<ours.VideoMetadata, theirs.VideoMetadata>>();
    holds<Same<ours.VoiceConfig, theirs.VoiceConfig>>();
    holds<Same<ours.SchemaShared<string>, theirs.SchemaShared<string>>>();
  });

  test('take more than firebase/ai’s only where a page hands something in or reads an error', () => {
    holds<BothWays<ours.StartAudioConversationOptions, theirs.StartAudioConversationOptions>>();
    holds<BothWays<ours.CustomErrorData, theirs.CustomErrorData>>();
    type Handler<O extends { functionCallingHandler?: unknown }> = O['functionCallingHandler'];
    holds<
      BothWays<Handler<ours.StartAudioConversationOptions>, Handler<theirs.StartAudioConversationOptions>>
    >();
  });

  test('have the constants of firebase/ai', () => {
    holds<BothWays<typeof ours.AIErrorCode, typeof theirs.AIErrorCode>>();
    holds<BothWays<typeof ours.BackendType, typeof theirs.BackendType>>();
    holds<BothWays<typeof ours.FunctionCallingMode, typeof theirs.FunctionCallingMode>>();
    holds<BothWays<typeof ours.Language, typeof theirs.Language>>();
    holds<BothWays<typeof ours.LiveResponseType, typeof theirs.LiveResponseType>>();
    holds<BothWays<typeof ours.Outcome, typeof theirs.Outcome>>();
    holds<BothWays<typeof ours.POSSIBLE_ROLES, typeof theirs.POSSIBLE_ROLES>>();
    holds<BothWays<typeof ours.ResponseModality, typeof theirs.ResponseModality>>();
    holds<BothWays<typeof ours.SchemaType, typeof theirs.SchemaType>>();
  });
});

describe('the mirrored functions', () => {
  test('take the parameters of firebase/ai’s, and theirs take ours', () => {
    holds<Same<Parameters<typeof ours.getAI>, Parameters<typeof theirs.getAI>>>();
    type Mirrored<P extends readonly unknown[]> = P extends readonly [infer A, infer B, ...unknown[]]
      ? [A, B]
      : never;
    holds<
      Same<
        Mirrored<Required<Parameters<typeof ours.getLiveGenerativeModel>>>,
        Parameters<typeof theirs.getLiveGenerativeModel>
      >
    >();
    holds<Fits<ours.LiveSession, Parameters<typeof ours.startAudioConversation>[0]>>();
  });

  test('answer what firebase/ai’s answer', () => {
    holds<Same<ReturnType<typeof ours.getAI>, ReturnType<typeof theirs.getAI>>>();
    holds<Fits<typeof ours.getAI, typeof theirs.getAI>>();
    holds<Fits<typeof theirs.getAI, typeof ours.getAI>>();
    holds<Same<ReturnType<typeof ours.getLiveGenerativeModel>, ours.LiveGenerativeModel>>();
    type Started = Awaited<ReturnType<typeof ours.startAudioConversation>>;
    holds<Fits<Started, theirs.AudioConversationController>>();
    holds<Same<Started['stop'], theirs.AudioConversationController['stop']>>();
  });
});

describe('the mirrored classes', () => {
  test('have the public shape of firebase/ai’s', () => {
    holds<Fits<Public<ours.LiveSession>, Public<theirs.LiveSession>>>();
    holds<
      Fits<
        Omit<Public<ours.LiveGenerativeModel>, 'connect'>,
        Omit<Public<theirs.LiveGenerativeModel>, 'connect'>
      >
    >();
    holds<Same<Public<ours.AIModel>, Public<theirs.AIModel>>>();
    holds<BothWays<Public<ours.AIError>, Public<theirs.AIError>>>();
    holds<Same<Public<ours.Backend>, Public<theirs.Backend>>>();
    holds<Same<Public<ours.GoogleAIBackend>, Public<theirs.GoogleAIBackend>>>();
    holds<Same<Public<ours.VertexAIBackend>, Public<theirs.VertexAIBackend>>>();
    holds<Same<Public<ours.AgentPlatformBackend>, Public<theirs.AgentPlatformBackend>>>();
    holds<Same<Public<ours.Schema>, Public<theirs.Schema>>>();
    holds<Same<Public<ours.AnyOfSchema>, Public<theirs.AnyOfSchema>>>();
    holds<Same<Public<ours.ArraySchema>, Public<theirs.ArraySchema>>>();
    holds<Same<Public<ours.BooleanSchema>, Public<theirs.BooleanSchema>>>();
    holds<Same<Public<ours.IntegerSchema>, Public<theirs.IntegerSchema>>>();
    holds<Same<Public<ours.NumberSchema>, Public<theirs.NumberSchema>>>();
    holds<Same<Public<ours.ObjectSchema>, Public<theirs.ObjectSchema>>>();
    holds<Same<Public<ours.StringSchema>, Public<theirs.StringSchema>>>();
  });

  test('are made as firebase/ai’s are', () => {
    type Made<C extends abstract new (...parameters: never) => unknown> = ConstructorParameters<C>;
    holds<BothWays<Made<typeof ours.VertexAIBackend>, Made<typeof theirs.VertexAIBackend>>>();
    holds<BothWays<Made<typeof ours.AgentPlatformBackend>, Made<typeof theirs.AgentPlatformBackend>>>();
    holds<BothWays<Made<typeof ours.GoogleAIBackend>, Made<typeof theirs.GoogleAIBackend>>>();
    holds<Fits<Made<typeof theirs.AIError>, Made<typeof ours.AIError>>>();
    holds<Same<Made<typeof ours.Schema>, Made<typeof theirs.Schema>>>();
    holds<Same<Made<typeof ours.AnyOfSchema>, Made<typeof theirs.AnyOfSchema>>>();
    holds<Same<Made<typeof ours.ArraySchema>, Made<typeof theirs.ArraySchema>>>();
    holds<Same<Made<typeof ours.ObjectSchema>, Made<typeof theirs.ObjectSchema>>>();
    holds<Same<Made<typeof ours.StringSchema>, Made<typeof theirs.StringSchema>>>();
  });

  test('have methods with the parameters and the answers of firebase/ai’s', () => {
    type Session = Omit<Public<theirs.LiveSession>, 'isClosed' | 'inConversation' | 'connectionPromise'>;
    type Differing = {
      [M in keyof Session]: [
        Same<Parameters<ours.LiveSession[M]>, Parameters<Session[M]>>,
        Same<ReturnType<ours.LiveSession[M]>, ReturnType<Session[M]>>,
      ] extends [true, true]
        ? never
        : M;
    }[keyof Session];
    holds<[Differing] extends [never] ? true : Differing>();
    holds<
      Same<Parameters<ours.LiveGenerativeModel['connect']>, Parameters<theirs.LiveGenerativeModel['connect']>>
    >();
    holds<Same<Awaited<ReturnType<ours.LiveGenerativeModel['connect']>>, ours.LiveSession>>();
    type Statics = 'array' | 'object' | 'string' | 'enumString' | 'integer' | 'number' | 'boolean' | 'anyOf';
    holds<Fits<Pick<typeof ours.Schema, Statics>, Pick<typeof theirs.Schema, Statics>>>();
    holds<Fits<Pick<typeof theirs.Schema, Statics>, Pick<typeof ours.Schema, Statics>>>();
  });

  test('yield messages without a member that firebase/ai’s have not', () => {
    type Yielded<S extends { receive(): unknown }> =
      ReturnType<S['receive']> extends AsyncGenerator<infer M> ? M : never;
    holds<Same<Yielded<ours.LiveSession>, Yielded<theirs.LiveSession>>>();
  });
});

describe('the questions to the compiler', () => {
  test('answer no where a type differs, and to any', () => {
    const no = <_Answer extends false | string>(): true => true;
    expect([
      no<Same<{ a: string }, { a: string; b?: string }>>(),
      no<BothWays<{ a: string }, { a: number }>>(),
      // biome-ignore lint/suspicious/noExplicitAny: that it is found out is what is tested.
      no<Fits<any, string>>(),
      no<Fits<string, number>>(),
    ]).toEqual([true, true, true, true]);
  });
});
