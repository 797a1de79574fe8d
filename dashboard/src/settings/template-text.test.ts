import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lockedRows } from './locked-rows.ts';
import { blankDraft, checkDraft, idProblem } from './setting-kinds.ts';
import { instructionOf, stretches, variableRows, withInstruction, withVariable } from './template-text.ts';

describe('stretches', () => {
  it('is the text again, whatever it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(
          stretches(text)
            .map((each) => each.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });

  it('sets variables apart, and nothing that only looks like one', () => {
    expect(stretches('Hi {{ name }}, {{1st}}!')).toEqual([
      { text: 'Hi ', variable: null },
      { text: '{{ name }}', variable: 'name' },
      { text: ', {{1st}}!', variable: null },
    ]);
  });
});

describe('withInstruction', () => {
  it('changes one text and leaves the other parts', () => {
    const picture = { inlineData: { mimeType: 'image/png', data: 'AAAA' } };
    const draft = { setup: { systemInstruction: { role: 'system', parts: [{ text: 'a' }, picture] } } };
    expect(instructionOf(draft)).toEqual({ texts: [{ part: 0, text: 'a' }], others: 1 });
    expect(withInstruction(draft, 0, 'b')).toEqual({
      setup: { systemInstruction: { role: 'system', parts: [{ text: 'b' }, picture] } },
    });
  });

  it('keeps a plain text plain, and begins where there is none', () => {
    expect(withInstruction({ setup: { systemInstruction: 'a' } }, null, 'b')).toEqual({
      setup: { systemInstruction: 'b' },
    });
    expect(withInstruction({ setup: {} }, 0, 'b')).toEqual({
      setup: { systemInstruction: { parts: [{ text: 'b' }] } },
    });
  });
});

describe('variableRows', () => {
  const draft = {
    setup: { systemInstruction: { parts: [{ text: 'Hi {{name}}, {{name}} of {{place}}' }] } },
    variables: { name: { maxLength: 10 }, idle: { maxLength: 1 } },
  };

  it('tells what is declared and used, each once', () => {
    expect(variableRows(draft)).toEqual([
      { name: 'name', declared: { maxLength: 10 }, isUsed: true },
      { name: 'idle', declared: { maxLength: 1 }, isUsed: false },
      { name: 'place', declared: null, isUsed: true },
    ]);
  });

  it('becomes a template once declarations and uses meet', () => {
    const mended = withVariable(withVariable(draft, 'place', { maxLength: 5 }), 'idle', null);
    expect(checkDraft('templates', { ...draft, title: 'T' }).problem?.path).toBe('variables.place');
    expect(checkDraft('templates', { ...mended, title: 'T' }).problem).toBeNull();
  });
});

describe('checkDraft', () => {
  it('refuses resumption in a template, as the functions do', () => {
    const draft = { title: 'T', setup: { sessionResumption: {} }, variables: {} };
    expect(checkDraft('templates', draft).problem?.path).toBe('setup.sessionResumption');
    expect(checkDraft('templates', { ...draft, setup: {} }).problem).toBeNull();
  });

  it('takes what a new policy and a known price begin with', () => {
    const about = { id: 'gemini-3.8-live', today: '2026-11-21' };
    expect(checkDraft('policies', blankDraft('policies', about)).problem).toBeNull();
    expect(checkDraft('prices', blankDraft('prices', about)).problem).toBeNull();
    expect(checkDraft('prices', blankDraft('prices', { id: 'else', today: '2026-11-21' })).written).toEqual({
      input: {},
      output: {},
      asOf: '2026-11-21',
      source: '',
    });
  });
});

describe('idProblem', () => {
  it('lets pass what the functions let pass', () => {
    expect(idProblem('policies', 'google.com')).toBeUndefined();
    expect(idProblem('templates', 'google.com')).toBeDefined();
    expect(idProblem('templates', 'intro_2')).toBeUndefined();
    expect(idProblem('prices', '')).toBe('Name the model.');
    expect(idProblem('policies', '__all__')).toBeDefined();
    expect(idProblem('policies', 'new')).toBeDefined();
  });
});

describe('lockedRows', () => {
  it('tells what is locked, what is hidden from the page and what is left out', () => {
    const setup = { systemInstruction: { parts: [{ text: 'secret' }] }, explicitVadSignal: true, model: 'm' };
    const { rows, empty } = lockedRows({ setup });
    expect(rows.map(({ path, lock, isHidden }) => [path, lock, isHidden])).toEqual([
      ['model', 'locked', false],
      ['systemInstruction', 'locked', true],
      ['explicitVadSignal', 'vertex', false],
    ]);
    expect(empty).toBe(24);
  });
});
