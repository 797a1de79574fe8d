import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  EMULATOR_NAMES,
  type FirebaseConfig,
  reachOf,
  type StackPorts,
  stackConfig,
} from './stack-config.ts';

const deployed = JSON.parse(
  readFileSync(new URL('../firebase.json', import.meta.url), 'utf8'),
) as FirebaseConfig;
const ports = Object.fromEntries(
  [...EMULATOR_NAMES, 'websocket'].map((name, index) => [name, 7_000 + index]),
) as StackPorts;

interface DerivedConfig {
  readonly functions: readonly {
    readonly source: string;
    readonly runtime: string;
    readonly predeploy?: unknown;
  }[];
  readonly hosting: readonly {
    readonly public: string;
    readonly headers: FirebaseConfig['hosting'][number]['headers'];
  }[];
  readonly emulators: Readonly<Record<string, { readonly host: string; readonly port: number }>>;
}

const derived = (live?: string): DerivedConfig =>
  stackConfig(deployed, { ports, reach: reachOf(ports, live) }) as DerivedConfig;

function directive(headers: DerivedConfig['hosting'][number]['headers'] | undefined, name: string): string[] {
  const policy = headers
    ?.flatMap((rule) => rule.headers)
    .find(({ key }) => key === 'Content-Security-Policy');
  const found = policy?.value.split('; ').find((each) => each.startsWith(`${name} `));
  return found?.split(' ').slice(1) ?? [];
}

describe('stackConfig', () => {
  it.each([0, 1])('lets page %i reach this machine and nothing else', (site) => {
    expect(directive(derived('127.0.0.1:9590').hosting[site]?.headers, 'connect-src')).toEqual([
      "'self'",
      `http://127.0.0.1:${ports.auth}`,
      `http://127.0.0.1:${ports.functions}`,
      `http://127.0.0.1:${ports.firestore}`,
      'ws://127.0.0.1:9590',
    ]);
  });

  it('lets a page reach the real Live API only where no emulator stands for it', () => {
    const reach = directive(derived().hosting[0]?.headers, 'connect-src');
    expect(reach).toContain('wss://generativelanguage.googleapis.com');
    expect(reach.join(' ')).not.toContain('ws://');
  });

  it('keeps every other header as it is deployed', () => {
    const others = (headers: DerivedConfig['hosting'][number]['headers'] | undefined): unknown =>
      JSON.parse(JSON.stringify(headers).replace(/connect-src[^;]*/g, ''));
    for (const [index, site] of deployed.hosting.entries())
      expect(others(derived('127.0.0.1:9590').hosting[index]?.headers)).toEqual(others(site.headers));
  });

  it('runs the functions on the runtime they are deployed with, from the run’s folder, building nothing', () => {
    const [functions] = derived().functions;
    expect(functions).toMatchObject({ source: 'functions', runtime: deployed.functions[0]?.runtime });
    expect(functions).not.toHaveProperty('predeploy');
  });

  it('listens on 127.0.0.1 at the given ports only', () => {
    const { emulators } = derived();
    for (const name of EMULATOR_NAMES)
      expect(emulators[name]).toMatchObject({ host: '127.0.0.1', port: ports[name] });
  });
});

describe('firebase.json', () => {
  it.each([0, 1])('gives page %i a policy without anything inline or anywhere', (site) => {
    const headers = deployed.hosting[site]?.headers;
    expect(directive(headers, 'default-src')).toEqual(["'none'"]);
    for (const name of ['script-src', 'style-src', 'connect-src', 'img-src', 'frame-src']) {
      expect(directive(headers, name).length, name).toBeGreaterThan(0);
      expect(
        directive(headers, name).filter((source) => /unsafe|^\*$|^https:$/.test(source)),
        name,
      ).toEqual([]);
    }
  });

  it('lets the demo dial the Live API, and no page an emulator', () => {
    expect(directive(deployed.hosting[0]?.headers, 'connect-src')).toContain(
      'wss://generativelanguage.googleapis.com',
    );
    expect(JSON.stringify(deployed.hosting)).not.toMatch(/127\.0\.0\.1|localhost/);
  });
});
