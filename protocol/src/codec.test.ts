import { describe, expect, it } from 'vitest';
import {
  decodeClientMessage,
  decodeServerMessage,
  durationSeconds,
  durationText,
  encodeClientMessage,
  encodeServerMessage,
} from './codec.ts';
import { ProtocolError } from './errors.ts';

const refusalOf = (read: () => unknown): { code: string; path: string; message: string } => {
  try {
    read();
  } catch (error) {
    if (error instanceof ProtocolError) return { code: error.code, path: error.path, message: error.message };
    throw error;
  }
  throw new Error('nothing was refused');
};

describe('decodeClientMessage', () => {
  it('reads snake case at every level and answers in camel case', () => {
    const snake =
      '{"client_content":{"turns":[{"role":"user","parts":[{"inline_data":{"mime_type":"image/png","data":"AAEC"}}]}],"turn_complete":true}}';
    const camel =
      '{"clientContent":{"turns":[{"role":"user","parts":[{"inlineData":{"mimeType":"image/png","data":"AAEC"}}]}],"turnComplete":true}}';
    expect(decodeClientMessage(snake)).toEqual(decodeClientMessage(camel));
    expect(encodeClientMessage(decodeClientMessage(snake))).toBe(camel);
  });

  it('leaves the keys of arguments, schemas and answers as the application wrote them', () => {
    const message = decodeClientMessage(
      '{"tool_response":{"function_responses":[{"id":"1","name":"get_time","response":{"time_zone":{"utc_offset":1}}}]}}',
    );
    expect(message).toEqual({
      toolResponse: {
        functionResponses: [{ id: '1', name: 'get_time', response: { time_zone: { utc_offset: 1 } } }],
      },
    });
    const setup = decodeClientMessage(
      '{"setup":{"model":"m","tools":[{"function_declarations":[{"name":"f","parameters":{"type":"OBJECT","properties":{"time_zone":{"type":"STRING"}}}}]}]}}',
    );
    expect(JSON.stringify(setup)).toContain('"time_zone"');
  });

  it('reads URL-safe and unpadded base64 as the standard form', () => {
    const read = (data: string) =>
      decodeClientMessage(JSON.stringify({ realtimeInput: { audio: { mimeType: 'audio/pcm', data } } }));
    expect(read('-_-_')).toEqual(read('+/+/'));
    expect(read('AA')).toEqual(read('AA=='));
    expect(refusalOf(() => read('A')).code).toBe('invalid-field');
    expect(refusalOf(() => read('AA AA')).path).toBe('realtimeInput.audio.data');
  });

  it('reads int64 as number or decimal string, and nothing else', () => {
    const read = (triggerTokens: unknown) =>
      decodeClientMessage(
        JSON.stringify({ setup: { model: 'm', contextWindowCompression: { triggerTokens } } }),
      );
    expect(read('1000')).toEqual(read(1000));
    expect(refusalOf(() => read('1e3')).path).toBe('setup.contextWindowCompression.triggerTokens');
    expect(refusalOf(() => read(1.5)).code).toBe('invalid-field');
  });

  it('reads a fraction as number or decimal string, and nothing else', () => {
    const read = (temperature: unknown) =>
      decodeClientMessage(JSON.stringify({ setup: { model: 'm', generationConfig: { temperature } } }));
    expect(read('0.5')).toEqual(read(0.5));
    expect(read('-2e-1')).toEqual(read(-0.2));
    for (const none of ['', 'hot', ' 1', '0x1', 'NaN', 'Infinity', '1e999'])
      expect(refusalOf(() => read(none)).path).toBe('setup.generationConfig.temperature');
  });

  it('takes an instruction as plain text or as content', () => {
    expect(decodeClientMessage('{"setup":{"model":"m","systemInstruction":"hi"}}')).toEqual(
      decodeClientMessage('{"setup":{"model":"m","systemInstruction":{"parts":[{"text":"hi"}]}}}'),
    );
  });

  it('treats null as absent', () => {
    expect(decodeClientMessage('{"setup":{"model":"m","tools":null},"clientContent":null}')).toEqual({
      setup: { model: 'm' },
    });
  });

  it.each([
    ['not json', '{', 'invalid-json', ''],
    ['a list', '[]', 'invalid-json', ''],
    ['an empty message', '{}', 'unknown-message', ''],
    ['an unknown message', '{"nonsense":{}}', 'unknown-message', ''],
    ['two messages in one', '{"setup":{"model":"m"},"clientContent":{}}', 'unknown-message', ''],
    ['an unknown field', '{"setup":{"model":"m","nonsense":1}}', 'unknown-field', 'setup.nonsense'],
    ['an inherited name', '{"setup":{"model":"m","constructor":{}}}', 'unknown-field', 'setup.constructor'],
    ['a setup without a model', '{"setup":{}}', 'invalid-field', 'setup.model'],
    ['a lone value for a list', '{"setup":{"model":"m","tools":{}}}', 'invalid-field', 'setup.tools'],
    [
      'a wrong type in a list',
      '{"clientContent":{"turns":[{"parts":["x"]}]}}',
      'invalid-field',
      'clientContent.turns[0].parts[0]',
    ],
  ])('refuses %s, naming where', (_, source, code, path) => {
    expect(refusalOf(() => decodeClientMessage(source))).toMatchObject({ code, path });
  });

  it('never quotes what a field held', () => {
    expect(
      refusalOf(() => decodeClientMessage('{"setup":{"model":{"secret":"canary"}}}')).message,
    ).not.toContain('canary');
  });
});

describe('encodeServerMessage', () => {
  it('writes int64 as a string, which a client reads as the number', () => {
    const message = {
      sessionResumptionUpdate: { newHandle: 'h', resumable: true, lastConsumedClientMessageIndex: 7 },
    };
    const text = encodeServerMessage(message);
    expect(text).toContain('"lastConsumedClientMessageIndex":"7"');
    expect(decodeServerMessage(text)).toEqual(message);
    expect(encodeServerMessage({ usageMetadata: { totalTokenCount: 7 } })).toContain('"totalTokenCount":7');
  });
});

describe('decodeServerMessage', () => {
  it('reads a transcript with speaker, words and offsets, and a call that comes in pieces', () => {
    const transcript =
      '{"text":"hi","speaker_label":"spk_1","words":[{"word":"hi","start_offset":"0s","end_offset":"0.2s"}],"end_offset":"0.2s"}';
    expect(decodeServerMessage(`{"server_content":{"input_transcription":${transcript}}}`)).toEqual({
      serverContent: {
        inputTranscription: {
          text: 'hi',
          speakerLabel: 'spk_1',
          words: [{ word: 'hi', startOffset: '0s', endOffset: '0.2s' }],
          endOffset: '0.2s',
        },
      },
    });
    const call = '{"name":"f","partial_args":[{"json_path":"$.a"}],"will_continue":true}';
    expect(decodeServerMessage(`{"tool_call":{"function_calls":[${call}]}}`)).toEqual({
      toolCall: {
        functionCalls: [{ name: 'f', partialArgs: [{ json_path: '$.a' }], willContinue: true }],
      },
    });
  });

  it('keeps inner fields nobody knows yet', () => {
    expect(decodeServerMessage('{"serverContent":{"newThing":{"a_b":1}}}')).toEqual({
      serverContent: { newThing: { a_b: 1 } },
    });
  });

  it('reads several kinds and usage on one frame', () => {
    expect(
      decodeServerMessage('{"serverContent":{"turnComplete":true},"usageMetadata":{"totalTokenCount":"7"}}'),
    ).toEqual({
      serverContent: { turnComplete: true },
      usageMetadata: { totalTokenCount: 7 },
    });
  });

  it("gives Vertex AI's usage under the Developer API's names", () => {
    expect(
      decodeServerMessage(
        '{"usageMetadata":{"candidatesTokenCount":3,"candidatesTokensDetails":[{"modality":"AUDIO","tokenCount":3}]}}',
      ),
    ).toEqual({
      usageMetadata: { responseTokenCount: 3, responseTokensDetails: [{ modality: 'AUDIO', tokenCount: 3 }] },
    });
  });

  it('refuses a frame of unknown keys only, so that a client can skip it', () => {
    expect(refusalOf(() => decodeServerMessage('{"future":{}}')).code).toBe('unknown-message');
    expect(decodeServerMessage('{"future":{},"setupComplete":{}}')).toEqual({ setupComplete: {} });
  });

  it('checks Durations', () => {
    expect(decodeServerMessage('{"goAway":{"timeLeft":"9.5s"}}')).toEqual({ goAway: { timeLeft: '9.5s' } });
    expect(refusalOf(() => decodeServerMessage('{"goAway":{"timeLeft":"9.5"}}')).path).toBe(
      'goAway.timeLeft',
    );
  });
});

describe('durationSeconds and durationText', () => {
  it('turn into each other to the millisecond', () => {
    expect(durationSeconds(durationText(9.5))).toBe(9.5);
    expect(durationText(50)).toBe('50s');
    expect(durationSeconds(undefined)).toBe(0);
    expect(durationSeconds('soon')).toBe(0);
  });
});
