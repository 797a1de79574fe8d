import { OPEN_POLICY, readPolicyDraft, readPriceDraft, readTemplateDraft } from '@livegate/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyPolicy, anyPrice, anyTemplate } from '../../test-support/valid-settings.ts';
import { type Draft, draftFrom, draftOf, draftText, jsonAt, withJson } from './draft.ts';
import { allFields, type Field, type FieldGroup, fieldAt } from './field.ts';
import { policyGroups } from './policy-fields.ts';
import { priceGroups } from './price-fields.ts';
import { checkDraft, KINDS } from './setting-kinds.ts';
import { fieldValue, shownOf } from './shown.ts';
import { INSTRUCTION_PATH, templateGroups, VARIABLES_PATH } from './template-fields.ts';

const nowMs = Date.parse('2026-11-21T12:00:00Z');
const policy = policyGroups({ nowMs, templates: ['intro'] });
const price = priceGroups();
const template = templateGroups();

/** What somebody gets who looks at every field of `from` and enters the same into a form that holds `onto`. */
function typedOver(groups: readonly FieldGroup[], from: Draft, onto: Draft): Draft {
  const enter = (draft: Draft, field: Field): Draft => {
    const value = jsonAt(from, field.path);
    if (field.control.kind !== 'parts') {
      const shown = shownOf(field, value);
      expect(shown, field.path).not.toBeNull();
      return shown === null ? draft : withJson(draft, field.path, fieldValue(field, shown));
    }
    if (value === null) return withJson(draft, field.path, null);
    const begun =
      jsonAt(draft, field.path) === null ? withJson(draft, field.path, field.none?.initial ?? {}) : draft;
    return field.control.parts.reduce(enter, begun);
  };
  return groups.flatMap(({ fields }) => fields).reduce(enter, onto);
}

describe('the form of a policy', () => {
  it('can say every policy that the functions take', () => {
    fc.assert(
      fc.property(anyPolicy, (draft) => {
        readPolicyDraft(draft, 1);
        expect(typedOver(policy, draft, draftOf(OPEN_POLICY))).toEqual(draft);
      }),
    );
  });

  it('has a field for whatever a reader names', () => {
    for (const key of Object.keys(draftOf(OPEN_POLICY))) {
      const { problem } = checkDraft('policies', { ...draftOf(OPEN_POLICY), [key]: { wrong: true } });
      expect(problem?.path).toBe(key);
      expect(fieldAt(policy, key)?.path).toBe(key);
    }
  });
});

describe('the form of a price', () => {
  it('can say every price that the functions take', () => {
    fc.assert(
      fc.property(anyPrice, anyPrice, (draft, other) => {
        readPriceDraft(draft, 1);
        expect(typedOver(price, draft, other)).toEqual(draft);
      }),
    );
  });
});

describe('the form of a template', () => {
  it('changes nothing where nothing is entered, and leaves alone what it cannot show', () => {
    fc.assert(
      fc.property(anyTemplate, (draft) => {
        readTemplateDraft(draft, 1);
        for (const field of allFields(template)) {
          const value = jsonAt(draft, field.path);
          const shown = shownOf(field, value);
          if (shown !== null) expect(withJson(draft, field.path, fieldValue(field, shown))).toEqual(draft);
        }
      }),
    );
  });

  it('keeps everything else when one field changes', () => {
    fc.assert(
      fc.property(anyTemplate, fc.constantFrom(...allFields(template)), (draft, field) => {
        const changed = withJson(draft, field.path, 'else');
        const before = jsonAt(draft, field.path);
        // Entered and taken back.
        const back = withJson(changed, field.path, before);
        if (before !== undefined) expect(back).toEqual(draft);
        for (const other of allFields(template)) {
          const isBelow = other.path.startsWith(`${field.path}.`) || field.path.startsWith(`${other.path}.`);
          if (other !== field && !isBelow)
            expect(jsonAt(changed, other.path)).toEqual(jsonAt(draft, other.path));
        }
      }),
    );
  });

  it('leads errors to their field, and those below a field to it', () => {
    expect(fieldAt(template, 'setup.generationConfig.topK')?.path).toBe('setup.generationConfig.topK');
    expect(fieldAt(template, 'setup.tools[0].functionDeclarations[0].name')?.path).toBe('setup.tools');
    expect(fieldAt(template, 'variables.name.maxLength')?.path).toBe(VARIABLES_PATH);
    expect(fieldAt(template, 'setup.systemInstruction.parts[1].text')?.path).toBe(INSTRUCTION_PATH);
    expect(fieldAt(price, 'input')?.path).toBe('input.TEXT');
    expect(fieldAt(policy, 'transcripts.days')?.path).toBe('transcripts.days');
    expect(fieldAt(policy, 'transcripts')?.path).toBe('transcripts');
    expect(fieldAt(policy, 'unheardOf')).toBeNull();
    expect(fieldAt(policy, '')).toBeNull();
  });
});

describe('the JSON tab', () => {
  it('gives every draft back as it was', () => {
    fc.assert(
      fc.property(fc.oneof(anyPolicy, anyPrice, anyTemplate), (draft) => {
        expect(draftFrom(draftText(draft, KINDS.policies.order))).toEqual({ draft });
      }),
    );
  });

  it('says what keeps a text from being a draft', () => {
    expect(draftFrom('[1]')).toEqual({ problem: 'The whole must be an object: { … }.' });
    expect(draftFrom('{"a":')).toHaveProperty('problem');
  });

  it('shows the fields in the order of the form', () => {
    expect(draftText({ unheardOf: 1, backends: [], route: 'direct' }, KINDS.policies.order)).toBe(
      '{\n  "route": "direct",\n  "backends": [],\n  "unheardOf": 1\n}',
    );
  });
});

describe('shownOf', () => {
  const [field] = allFields(policy).filter(({ path }) => path === 'minutesPerDay');

  it('shows what it can give back, whatever stands there', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...[...allFields(policy), ...allFields(template)]),
        fc.jsonValue(),
        (one, value) => {
          const shown = shownOf(one, value as never);
          const isEmptyText = shown?.kind === 'text' && shown.text === '';
          if (shown !== null && !isEmptyText)
            expect(JSON.stringify(fieldValue(one, shown))).toBe(JSON.stringify(value));
        },
      ),
    );
  });

  it('keeps text that is no number yet, for the reader to refuse', () => {
    if (field === undefined) throw new Error('no field');
    const value = fieldValue(field, { kind: 'text', text: '12x' });
    expect(value).toBe('12x');
    expect(checkDraft('policies', withJson(draftOf(OPEN_POLICY), field.path, value)).problem).toEqual({
      path: 'minutesPerDay',
      words: 'Expected a number ≥ 0, or null.',
    });
  });

  it('takes null for no bound, and nothing else for it', () => {
    if (field === undefined) throw new Error('no field');
    expect(shownOf(field, null)).toEqual({ kind: 'none' });
    expect(fieldValue(field, { kind: 'none' })).toBeNull();
    expect(shownOf(field, 0)).toEqual({ kind: 'text', text: '0' });
  });
});

describe('withJson', () => {
  it('takes parents out with their last field where they mean nothing by themselves', () => {
    const draft = { setup: { generationConfig: { thinkingConfig: { thinkingBudget: 0 } } } };
    expect(withJson(draft, 'setup.generationConfig.thinkingConfig.thinkingBudget', undefined)).toEqual({
      setup: {},
    });
    const compressed = { setup: { contextWindowCompression: { slidingWindow: { targetTokens: 1 } } } };
    expect(
      withJson(compressed, 'setup.contextWindowCompression.slidingWindow.targetTokens', undefined),
    ).toEqual({
      setup: { contextWindowCompression: { slidingWindow: {} } },
    });
  });

  it('makes the parents that a field needs', () => {
    expect(withJson({}, 'cached.TEXT', 1)).toEqual({ cached: { TEXT: 1 } });
  });
});
