/**
 * Microphones and loudspeakers to choose from. Browsers tell their names once a microphone was allowed.
 * @module
 */

/** A microphone or a loudspeaker. */
export interface Device {
  readonly id: string;
  readonly name: string;
}

/** What is connected. Empty before permission; loudspeakers also where the browser leaves them to the system. */
export interface Devices {
  readonly microphones: readonly Device[];
  readonly speakers: readonly Device[];
}

/** Ids of the chosen ones; an empty text is the system's own. */
export interface DeviceChoice {
  readonly microphone: string;
  readonly speaker: string;
}

/** Nothing known yet. */
export const NO_DEVICES: Devices = { microphones: [], speakers: [] };

/** Devices out of the browser's list. The system's own, which Chromium lists as `default`, is a choice of its own. */
export function devicesOf(
  found: readonly Pick<MediaDeviceInfo, 'kind' | 'deviceId' | 'label'>[],
  canChooseSpeaker: boolean,
): Devices {
  const of = (wanted: MediaDeviceKind): readonly Device[] =>
    found
      .filter(
        ({ kind, deviceId }) => kind === wanted && !['', 'default', 'communications'].includes(deviceId),
      )
      .map(({ deviceId, label }, at) => ({ id: deviceId, name: label === '' ? `Device ${at + 1}` : label }));
  return { microphones: of('audioinput'), speakers: canChooseSpeaker ? of('audiooutput') : [] };
}

/** The choice less what is no longer connected. The same object where nothing is missing. */
export function stillThere(choice: DeviceChoice, { microphones, speakers }: Devices): DeviceChoice {
  const kept = (id: string, devices: readonly Device[]): string =>
    devices.some((device) => device.id === id) ? id : '';
  const microphone = kept(choice.microphone, microphones);
  const speaker = kept(choice.speaker, speakers);
  return microphone === choice.microphone && speaker === choice.speaker ? choice : { microphone, speaker };
}

/** What is connected now. Never rejects. */
export async function listDevices(): Promise<Devices> {
  const found = await navigator.mediaDevices?.enumerateDevices().catch(() => []);
  return devicesOf(found ?? [], 'setSinkId' in AudioContext.prototype);
}

/** Tells when something was plugged in or out. The answer ends that. */
export function watchDevices(tell: () => void): () => void {
  navigator.mediaDevices?.addEventListener('devicechange', tell);
  return () => navigator.mediaDevices?.removeEventListener('devicechange', tell);
}
