import { readFileSync } from 'node:fs';
import * as theirs from '@firebase/ai';
import * as ours from '@livegate/web';
import { describe, expect, test } from 'vitest';
import { type Declaration, readDeclarations } from './declarations.ts';
import { INSTALLED_VERSION, installedDeclarations, TABLE_PATH } from './installed.ts';
import { liveSurface } from './live-surface.ts';
import { surfaceTable } from './surface-table.ts';

const source = installedDeclarations();
const surface = liveSurface(readDeclarations(source));
const typesTest = readFileSync(new URL('types.test.ts', import.meta.url), 'utf8');
const isValue = ({ kind }: Declaration): boolean => kind !== 'interface' && kind !== 'type';
const exported = (module: object, name: string): unknown =>
  Object.entries(module).find(([key]) => key === name)?.[1];

describe('the table of the Live API', () => {
  test('is what the installed @firebase/ai declares', () => {
    expect(readFileSync(TABLE_PATH, 'utf8')).toBe(surfaceTable(surface, INSTALLED_VERSION));
  });

  test('has every export decided, and no decision about what is gone', () => {
    expect(surface.undecided).toEqual([]);
    expect(surface.outdated).toEqual([]);
    expect(surface.live.length).toBeGreaterThan(90);
  });

  test('reads every declaration of the file', () => {
    const lines = source.match(/^export (declare|\{ \w)/gm) ?? [];
    expect(readDeclarations(source)).toHaveLength(lines.length);
  });

  test('goes red on a new Live export, a new member, and one that nobody decided about', () => {
    const grown = (added: string) => liveSurface(readDeclarations(`${source}\n${added}`));
    expect(grown('export declare interface LiveServerUsage {\n    type: string;\n}').live.at(-1)?.name).toBe(
      'LiveServerUsage',
    );
    expect(grown('export declare interface Robot {\n    arms: number;\n}').undecided).toEqual(['Robot']);
    const wider = source.replace('    isClosed: boolean;', '    isClosed: boolean;\n    isMuted: boolean;');
    expect(surfaceTable(liveSurface(readDeclarations(wider)), INSTALLED_VERSION)).not.toBe(
      surfaceTable(surface, INSTALLED_VERSION),
    );
    const poorer = source.replace('export declare interface Citation {', 'export declare interface Quote {');
    expect(liveSurface(readDeclarations(poorer))).toMatchObject({
      undecided: ['Quote'],
      outdated: ['Citation'],
    });
  });

  test('refuses what it cannot read', () => {
    expect(() => readDeclarations('export declare let x: string;')).toThrow('Not understood');
    expect(() => readDeclarations('export declare interface A {\n    a: string\n}')).toThrow(
      'without an end',
    );
  });
});

describe('@livegate/web', () => {
  test('exports every value of the table', () => {
    const missing = surface.live.filter(isValue).filter(({ name }) => exported(ours, name) === undefined);
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  test('has each of its names asked of the compiler', () => {
    const asked = new Set([...typesTest.matchAll(/\bours\.(\w+)/g)].map(([, name]) => name));
    expect(surface.live.map(({ name }) => name).filter((name) => !asked.has(name))).toEqual([]);
  });

  test('has the constants of firebase/ai, value by value', () => {
    const constants = surface.live.filter(({ kind }) => kind === 'constant');
    expect(constants.length).toBeGreaterThan(7);
    for (const { name } of constants)
      expect([name, exported(ours, name)]).toEqual([name, exported(theirs, name)]);
  });

  test('has every method on its classes, with as many parameters that must be given', () => {
    const members = surface.live.flatMap(({ name, kind, members: all }) =>
      kind.endsWith('class')
        ? all.filter((member) => member.kind === 'method').map((member) => ({ name, member }))
        : [],
    );
    expect(members.length).toBeGreaterThan(15);
    for (const { name, member } of members) {
      const methodOf = (module: object): { readonly length: number } | undefined => {
        const made = exported(module, name) as { readonly prototype: object };
        return methodIn(member.isStatic ? made : made.prototype, member.name);
      };
      expect([name, member.name, methodOf(ours)?.length]).toEqual([
        name,
        member.name,
        methodOf(theirs)?.length,
      ]);
    }
  });

  test('derives its classes as firebase/ai does', () => {
    for (const { name, heading } of surface.live.filter(({ kind }) => kind.endsWith('class'))) {
      const parent = /extends (\w+)/.exec(heading)?.[1];
      const made = exported(ours, name) as object;
      if (parent !== undefined && parent !== 'FirebaseError')
        expect([name, Object.getPrototypeOf(made)]).toEqual([name, exported(ours, parent)]);
    }
  });

  test('has the defaults of firebase/ai', () => {
    const app = { name: 'defaults', options: { apiKey: 'k', projectId: 'p', appId: 'a' } };
    const ourApp = app as Parameters<typeof ours.getAI>[0];
    const defaults = {
      vertex: new theirs.VertexAIBackend().location,
      agentPlatform: new theirs.AgentPlatformBackend().location,
      nullable: theirs.Schema.string().nullable,
      optional: theirs.Schema.object({ properties: {} }).optionalProperties,
    };
    expect({
      vertex: new ours.VertexAIBackend().location,
      agentPlatform: new ours.AgentPlatformBackend().location,
      nullable: ours.Schema.string().nullable,
      optional: ours.Schema.object({ properties: {} }).optionalProperties,
    }).toEqual(defaults);
    const ai = ours.getAI(ourApp);
    expect(ai.backend.backendType).toBe(new theirs.GoogleAIBackend().backendType);
    expect(ai.options).toEqual({ useLimitedUseAppCheckTokens: false });
    expect(ai.location).toBe('');
  });
});

function methodIn(from: object, name: string): { readonly length: number } | undefined {
  for (let at: object | null = from; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const found = Object.getOwnPropertyDescriptor(at, name)?.value as { readonly length: number } | undefined;
    if (found) return found;
  }
  return undefined;
}
