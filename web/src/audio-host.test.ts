import { afterEach, describe, expect, it, vi } from 'vitest';
import { browserHost } from './audio-host.ts';

afterEach(() => vi.unstubAllGlobals());

/** A browser with so much of Web Audio; what its context was asked for is written down. */
function browser({ isSecure = true, microphones = true, lock = false } = {}): unknown[] {
  const asked: unknown[] = [];
  vi.stubGlobal('isSecureContext', isSecure);
  vi.stubGlobal('AudioWorkletNode', class {});
  vi.stubGlobal(
    'AudioContext',
    class {
      constructor(options: unknown) {
        asked.push(options);
      }
    },
  );
  vi.stubGlobal('navigator', {
    ...(microphones && { mediaDevices: { getUserMedia: () => {} } }),
    ...(lock && { wakeLock: { request: async (kind: string) => ({ kind }) } }),
  });
  return asked;
}

describe('browserHost', () => {
  // Firefox connects no microphone to a context of another rate; Safari resamples each in its own way.
  it('leaves the context the rate of the device', () => {
    const asked = browser();
    browserHost.createContext();
    expect(asked).toEqual([{ latencyHint: 'interactive' }]);
  });

  it('reads tracks in a worker only where the page has MediaStreamTrackProcessor', () => {
    browser();
    vi.stubGlobal('Worker', class {});
    expect(browserHost.canReadTracks()).toBe(false);
    vi.stubGlobal('MediaStreamTrackProcessor', class {});
    expect(browserHost.canReadTracks()).toBe(true);
  });

  it('names an insecure page before all else, and a browser without what it takes', () => {
    browser();
    expect(browserHost.obstacle({ microphone: true })).toBeUndefined();
    browser({ isSecure: false, microphones: false });
    expect(browserHost.obstacle({ microphone: true })).toMatchObject({ isInsecure: true });
    browser({ microphones: false });
    expect(browserHost.obstacle({ microphone: true })).toMatchObject({ isInsecure: false });
    expect(browserHost.obstacle({ microphone: false })).toBeUndefined();
    vi.stubGlobal('AudioWorkletNode', undefined);
    expect(browserHost.obstacle({ microphone: false })).toMatchObject({ isInsecure: false });
  });

  it('keeps the screen on where the browser can, and lists no devices where there are none', async () => {
    browser({ microphones: false });
    expect(await browserHost.keepScreenOn()).toBeUndefined();
    expect(await browserHost.listDevices()).toEqual([]);
    browser({ lock: true });
    expect(await browserHost.keepScreenOn()).toMatchObject({ kind: 'screen' });
  });
});
