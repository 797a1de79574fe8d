import { describe, expect, it } from 'vitest';
import { type LogLevel, logTo } from './log.ts';

describe('logTo', () => {
  it.each([
    ['silent', []],
    ['error', ['error a']],
    ['warn', ['error a', 'warn b']],
    ['debug', ['error a', 'warn b', 'info c', 'debug d']],
  ] satisfies [LogLevel, string[]][])('passes what %s includes', (level, wanted) => {
    const lines: string[] = [];
    const log = logTo((line) => lines.push(line), level);
    log('error', 'a');
    log('warn', 'b');
    log('info', 'c');
    log('debug', 'd');
    expect(lines).toEqual(wanted);
  });
});
