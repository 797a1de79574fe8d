import type { ServerMessage } from '@livegate/protocol';
import { describe, expect, test } from 'vitest';
import {
  type Activity,
  afterClientMessage,
  afterMove,
  afterServerMessage,
  NO_ACTIVITY,
  orphanedTools,
} from './activity.ts';

const after = (...messages: ServerMessage[]): Activity => messages.reduce(afterServerMessage, NO_ACTIVITY);
const audio: ServerMessage = {
  serverContent: { modelTurn: { parts: [{ inlineData: { mimeType: 'audio/pcm', data: 'AAA=' } }] } },
};
const end: ServerMessage = { serverContent: { turnComplete: true } };
const call = (...ids: string[]): ServerMessage => ({
  toolCall: { functionCalls: ids.map((id) => ({ id, name: 'look' })) },
});
const handle = (newHandle: string, resumable = true): ServerMessage => ({
  sessionResumptionUpdate: { newHandle, resumable },
});

describe('afterServerMessage', () => {
  test('holds a turn open from the first content to its end', () => {
    expect(after(audio).modelTurn).toBe(true);
    expect(after(audio, { serverContent: { generationComplete: true } }).modelTurn).toBe(true);
    expect(after(audio, end).modelTurn).toBe(false);
  });

  test('does not take a transcript of the user for a turn of the model', () => {
    expect(after({ serverContent: { inputTranscription: { text: 'x' } } }).modelTurn).toBe(false);
    expect(after({ serverContent: { outputTranscription: { text: 'x' } } }).modelTurn).toBe(true);
  });

  test('takes the state for stale from a turn until the handle that comes after it', () => {
    expect(after(handle('a')).stale).toBe(false);
    expect(after(handle('a'), audio, end).stale).toBe(true);
    expect(after(handle('a'), audio, end, handle('b'))).toMatchObject({ stale: false, handle: 'b' });
  });

  test('takes a state for stale that was given in the middle of a turn', () => {
    expect(after(audio, handle('a'))).toMatchObject({ stale: true, handle: 'a' });
  });

  test('keeps the last handle that could be resumed', () => {
    expect(after(handle('a'), handle('', false)).handle).toBe('a');
    expect(after(handle('a'), handle('b', false)).handle).toBe('a');
  });

  test('counts a call as running until it is answered or cancelled', () => {
    const running = after(call('1', '2', '3'), { toolCallCancellation: { ids: ['3'] } });
    expect([...running.tools]).toEqual(['1', '2']);
    const response = { id: '1', name: 'look', response: {} };
    const answered = afterClientMessage(running, { toolResponse: { functionResponses: [response] } });
    expect([...answered.tools]).toEqual(['2']);
    const going = { ...response, willContinue: true };
    const ongoing = afterClientMessage(running, { toolResponse: { functionResponses: [going] } });
    expect([...ongoing.tools]).toEqual(['1', '2']);
  });
});

describe('orphanedTools', () => {
  test('names calls that the resumed state does not know', () => {
    const running = after(call('1'), handle('a'), call('2'));
    expect(orphanedTools(running, true)).toEqual(['2']);
    expect(orphanedTools(running, false)).toEqual(['1', '2']);
    expect([...afterMove(running, 'a').tools]).toEqual(['1']);
    expect([...afterMove(running, undefined).tools]).toEqual([]);
  });
});
