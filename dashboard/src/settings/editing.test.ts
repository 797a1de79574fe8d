import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyPolicy, anyTemplate } from '../../test-support/valid-settings.ts';
import { isSameJson } from './draft.ts';
import { beginEdit, type Editing, hasConflict, isDirty, nextEdit } from './editing.ts';
import { clashes, rebase } from './rebase.ts';

const one = { minutes: 30, voices: 'any', transcripts: { keep: false, days: 0 } };
const begun = beginEdit({ version: 1, draft: one }, {});
const edit = (state: Editing, draft: Editing['draft']): Editing => nextEdit(state, { kind: 'edited', draft });
const store = (state: Editing, version: number, draft: Editing['draft'] | null): Editing =>
  nextEdit(state, { kind: 'stored', stored: { version, draft } });

describe('nextEdit', () => {
  it('shows what others save as long as nothing was changed here', () => {
    const next = store(begun, 2, { ...one, minutes: 10 });
    expect(next.draft).toEqual({ ...one, minutes: 10 });
    expect([isDirty(next), hasConflict(next)]).toEqual([false, false]);
  });

  it('keeps the draft and tells of a conflict where somebody saves meanwhile', () => {
    const mine = edit(begun, { ...one, minutes: 5 });
    const next = store(mine, 2, { ...one, voices: ['Puck'] });
    expect(next.draft).toBe(mine.draft);
    expect([isDirty(next), hasConflict(next)]).toEqual([true, true]);
  });

  it('tells of no conflict where the same version is told again', () => {
    expect(hasConflict(store(edit(begun, {}), 1, { ...one }))).toBe(false);
    expect(hasConflict(store(edit(begun, {}), 1, { ...one, minutes: 31 }))).toBe(true);
  });

  it('puts mine on top of theirs, to be saved over their version', () => {
    const conflict = store(edit(begun, { ...one, minutes: 5 }), 2, { ...one, voices: ['Puck'] });
    const next = nextEdit(conflict, { kind: 'mine-on-top' });
    expect(next.draft).toEqual({ ...one, minutes: 5, voices: ['Puck'] });
    expect(next.base.version).toBe(2);
    expect([isDirty(next), hasConflict(next)]).toEqual([true, false]);
  });

  it('takes theirs and gives mine up', () => {
    const theirs = { ...one, voices: ['Puck'] };
    const conflict = store(edit(begun, { ...one, minutes: 5 }), 2, theirs);
    const next = nextEdit(conflict, { kind: 'take-theirs' });
    expect(next.draft).toEqual(theirs);
    expect([isDirty(next), hasConflict(next)]).toEqual([false, false]);
  });

  it('is clean once saved, whatever is told of before', () => {
    const mine = { ...one, minutes: 5 };
    const saved = nextEdit(edit(begun, mine), { kind: 'saved', version: 2, written: mine });
    for (const next of [saved, store(saved, 1, one), store(store(saved, 1, one), 2, mine)]) {
      expect(next.draft).toEqual(mine);
      expect([isDirty(next), hasConflict(next)]).toEqual([false, false]);
    }
    expect(store(saved, 3, one).draft).toEqual(one);
  });

  it('keeps what was written where the document is deleted, and can write it anew', () => {
    const gone = store(begun, 0, null);
    expect(gone.draft).toBe(one);
    expect(hasConflict(gone)).toBe(true);
    const again = nextEdit(gone, { kind: 'mine-on-top' });
    expect(again.base.version).toBe(0);
    expect([isDirty(again), hasConflict(again)]).toEqual([true, false]);
  });
});

describe('rebase', () => {
  it('is mine where they changed nothing, and theirs where I did', () => {
    fc.assert(
      fc.property(anyPolicy, anyPolicy, (base, other) => {
        expect(rebase(base, base, other)).toEqual(other);
        expect(rebase(base, other, base)).toEqual(other);
      }),
    );
  });

  it('holds every change of mine, and of theirs where I changed nothing', () => {
    fc.assert(
      fc.property(anyTemplate, anyTemplate, anyTemplate, (base, theirs, mine) => {
        const made = rebase(base, theirs, mine);
        for (const key of ['title', 'variables', 'setup']) {
          if (isSameJson(mine[key], base[key])) expect(made[key]).toEqual(theirs[key]);
          else if (isSameJson(theirs[key], base[key])) expect(made[key]).toEqual(mine[key]);
        }
        expect(clashes(made, theirs, mine).length).toBe(clashes(made, mine, theirs).length);
      }),
    );
  });

  it('takes out what I took out, and names what both changed', () => {
    const base = { a: 1, b: { c: 1, d: 1 } };
    expect(rebase(base, { a: 2, b: { c: 2, d: 1 } }, { b: { c: 1, d: 3 } })).toEqual({ b: { c: 2, d: 3 } });
    expect(clashes(base, { a: 2, b: { c: 2, d: 1 } }, { b: { c: 4, d: 3 } })).toEqual(['a', 'b.c']);
  });
});
