import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COMMANDS, readCommand, usage } from './commands.mjs';

describe('readCommand', () => {
  it.each(Object.keys(COMMANDS))('explains %s with --help, running nothing', (name) => {
    expect(readCommand([name, '--help'])).toEqual({ kind: 'help', text: COMMANDS[name]?.help });
    expect(readCommand([name])).toMatchObject({ kind: 'run', name });
  });

  it.each([[[]], [['--help']], [['help']]])('lists the commands for %j', (argv) => {
    expect(readCommand(argv)).toEqual({ kind: 'help', text: usage() });
  });

  it.each(['strat', 'constructor'])('names an unknown command, %s, and the known ones', (name) => {
    const answer = readCommand([name]);
    expect(answer.kind).toBe('unknown');
    expect(answer).toHaveProperty(
      'text',
      expect.stringMatching(new RegExp(`"${name}"[\\s\\S]*start[\\s\\S]*test-long`)),
    );
  });

  it('hands the options on, after those that the command stands for', () => {
    expect(readCommand(['test-long', '--x'])).toMatchObject({ args: ['--long', '--x'] });
  });
});

describe('COMMANDS', () => {
  it('are what package.json offers', () => {
    const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    const offered = Object.values(scripts).map((script) => script.replace('node scripts/run.mjs ', ''));
    expect(offered.sort()).toEqual(Object.keys(COMMANDS).sort());
  });
});
