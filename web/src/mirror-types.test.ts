import type * as theirs from '@firebase/ai';
import { describe, expectTypeOf, test } from 'vitest';
import type * as ours from './index.ts';

/** Compiles only where each type stands for the other. */
function same<_A extends B, B extends A, A = _A>(): void {}

describe('the mirrored types', () => {
  test('take firebase/ai’s and are taken for them', () => {
    same<ours.Part, theirs.Part>();
    same<ours.Content, theirs.Content>();
    same<ours.FunctionCall, theirs.FunctionCall>();
    same<ours.FunctionResponse, theirs.FunctionResponse>();
    same<ours.FunctionDeclaration, theirs.FunctionDeclaration>();
    same<ours.Tool, theirs.Tool>();
    same<ours.ToolConfig, theirs.ToolConfig>();
    same<ours.LiveGenerationConfig, theirs.LiveGenerationConfig>();
    same<ours.LiveModelParams, theirs.LiveModelParams>();
    same<ours.SessionResumptionConfig, theirs.SessionResumptionConfig>();
    same<ours.LiveServerContent, theirs.LiveServerContent>();
    same<ours.LiveServerToolCall, theirs.LiveServerToolCall>();
    same<ours.LiveServerToolCallCancellation, theirs.LiveServerToolCallCancellation>();
    same<ours.LiveServerGoingAwayNotice, theirs.LiveServerGoingAwayNotice>();
    same<ours.LiveSessionResumptionUpdate, theirs.LiveSessionResumptionUpdate>();
    same<ours.AI, theirs.AI>();
    same<ours.AIOptions, theirs.AIOptions>();
    same<ours.Backend, theirs.Backend>();
    same<ours.AIErrorCode, theirs.AIErrorCode>();
    same<ours.Schema, theirs.Schema>();
  });

  test('give classes the public shape of firebase/ai’s', () => {
    expectTypeOf<ours.LiveSession>().toExtend<Pick<theirs.LiveSession, keyof theirs.LiveSession>>();
    expectTypeOf<Pick<ours.LiveGenerativeModel, keyof theirs.LiveGenerativeModel>>().toExtend<
      Omit<Pick<theirs.LiveGenerativeModel, keyof theirs.LiveGenerativeModel>, 'connect'>
    >();
    expectTypeOf<ours.AIError>().toExtend<theirs.AIError>();
    expectTypeOf<typeof ours.getAI>().toExtend<typeof theirs.getAI>();
  });
});
