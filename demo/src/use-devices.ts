import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import {
  type DeviceChoice,
  type Devices,
  listDevices,
  NO_DEVICES,
  stillThere,
  watchDevices,
} from './devices.ts';

/** The devices there are, and the chosen ones. */
export interface DeviceControl {
  readonly devices: Devices;
  readonly chosen: DeviceChoice;
  readonly choose: (chosen: DeviceChoice) => void;
}

/**
 * Keeps the list of devices: reads it anew when one is plugged in or out, and whenever `isOpen` changes, because names
 * are told once a microphone was allowed. Lets go of a chosen one that is gone, and tells of that.
 */
export function useDevices(isOpen: boolean, onGone: (left: DeviceChoice) => void): DeviceControl {
  const [devices, setDevices] = useState<Devices>(NO_DEVICES);
  const [chosen, choose] = useState<DeviceChoice>({ microphone: '', speaker: '' });
  const latest = useRef({ chosen, onGone });
  latest.current = { chosen, onGone };

  const read = useCallback(async () => {
    const found = await listDevices();
    setDevices(found);
    const left = stillThere(latest.current.chosen, found);
    if (left === latest.current.chosen) return;
    choose(left);
    latest.current.onGone(left);
  }, []);
  // Also when a microphone is opened or closed: that is what names the devices.
  useEffect(() => void read(), [read, isOpen]);
  useEffect(() => watchDevices(() => void read()), [read]);
  return { devices, chosen, choose };
}
