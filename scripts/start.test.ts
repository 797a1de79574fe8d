import { describe, expect, it } from 'vitest';
import { readStartChoice } from './start.ts';

describe('readStartChoice', () => {
  it('is the emulator, seeded, on the next free ports, where nothing is asked', () => {
    expect(readStartChoice([], { GEMINI_API_KEY: 'key' })).toEqual({
      strictPorts: false,
      seeded: true,
      sampled: true,
    });
  });

  it('takes the key for --live only', () => {
    expect(readStartChoice(['--live'], { GEMINI_API_KEY: 'key' })).toMatchObject({ geminiApiKey: 'key' });
  });

  it.each([{}, { GEMINI_API_KEY: '' }])(
    'refuses --live with %j, naming the variable and the way without',
    (env) => {
      expect(() => readStartChoice(['--live'], env)).toThrow(/GEMINI_API_KEY.*npm start/);
    },
  );

  it('takes a port, strictness and an empty database', () => {
    expect(readStartChoice(['--port', '8123', '--strict-ports', '--no-seed'], {})).toEqual({
      demoPort: 8123,
      strictPorts: true,
      seeded: false,
      sampled: false,
    });
    expect(readStartChoice(['--no-sample'], {})).toMatchObject({ seeded: true, sampled: false });
  });

  it.each(['0', '65536', 'http', '80.5'])('refuses port %s', (port) => {
    expect(() => readStartChoice(['--port', port], {})).toThrow(`not "${port}"`);
  });

  it('names an option that it does not know', () => {
    expect(() => readStartChoice(['--prot', '8123'], {})).toThrow('--prot');
  });
});
