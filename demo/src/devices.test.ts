import { describe, expect, it } from 'vitest';
import { devicesOf, stillThere } from './devices.ts';

const found = [
  { kind: 'audioinput', deviceId: 'default', label: 'Default' },
  { kind: 'audioinput', deviceId: 'm1', label: 'Headset' },
  { kind: 'audiooutput', deviceId: 's1', label: '' },
  { kind: 'videoinput', deviceId: 'c1', label: 'Camera' },
] as const;

describe('devicesOf', () => {
  it('keeps microphones and loudspeakers apart, without the system’s own, which is no device', () => {
    expect(devicesOf(found, true)).toEqual({
      microphones: [{ id: 'm1', name: 'Headset' }],
      speakers: [{ id: 's1', name: 'Device 1' }],
    });
  });

  it('offers no loudspeaker where the browser cannot choose one, and nothing before permission', () => {
    expect(devicesOf(found, false).speakers).toEqual([]);
    expect(devicesOf([{ kind: 'audioinput', deviceId: '', label: '' }], true).microphones).toEqual([]);
  });
});

describe('stillThere', () => {
  const devices = devicesOf(found, true);

  it('lets go of a device that was plugged out, and of that one only', () => {
    expect(stillThere({ microphone: 'gone', speaker: 's1' }, devices)).toEqual({
      microphone: '',
      speaker: 's1',
    });
  });

  it('answers the very choice while everything is there', () => {
    const choice = { microphone: 'm1', speaker: '' };
    expect(stillThere(choice, devices)).toBe(choice);
  });
});
