import { describe, expect, it } from 'vitest';
import { type EchoEntry, reportText, settingsText } from './echo-report.ts';

const PLACE = { browser: 'Browser/1', answers: 'gemini', note: ' kitchen, volume 60 % ' } as const;
const ENTRY: EchoEntry = {
  round: 'loudspeaker-silent',
  at: Date.UTC(2026, 10, 21, 13, 40),
  strategy: 'plain',
  speakerName: 'Built-in',
  microphoneName: '',
  microphone: { echoCancellation: true, sampleRate: 48_000 },
  isGating: true,
  sessionId: 'session-1',
  figures: { turns: 5, interruptions: 2, own: 2, cutIns: 0, delay: null, echoDb: 12, echoRms: 0.01 },
};

describe('reportText', () => {
  it('says where, with what and how often, for each round that was run', () => {
    const report = reportText([ENTRY], PLACE);
    expect(report).toContain('Browser: Browser/1\nAnswers: Gemini\nPlace: kitchen, volume 60 %\n');
    expect(report).toContain('Loudspeaker, silent: 2 self-interruptions in 5 turns (2 noticed');
    expect(report).toContain('2026-11-21T13:40:00.000Z, strategy plain, gate closed, session session-1');
    expect(report).toContain('Loudspeaker: Built-in. Microphone: not named');
    expect(report).toContain('Headphones, silent: not run');
    expect(report).not.toContain('Loudspeaker, silent: not run');
  });

  it('keeps every try of a round, and says where the emulator answered', () => {
    const report = reportText([ENTRY, { ...ENTRY, strategy: 'half-duplex' }], {
      ...PLACE,
      answers: 'emulator',
    });
    expect(report.match(/Loudspeaker, silent: 2 self-interruptions/g)).toHaveLength(2);
    expect(report).toContain('no verdict on Gemini');
  });
});

describe('settingsText', () => {
  it('tells what the browser tells, and what it does not', () => {
    expect(settingsText({ echoCancellation: false, sampleRate: 48_000 })).toBe(
      'echoCancellation false, noiseSuppression not told, autoGainControl not told, voiceIsolation not told, sampleRate 48000, channelCount not told, latency not told',
    );
  });
});
