/**
 * `liveConfig/global` as the page shows it: also where somebody wrote it by hand. Pure.
 * @module
 */
import { type AlertThresholds, type LiveCaps, ProtocolError, readConfigDocument } from '@livegate/protocol';

/** The switches of the project. */
export interface LiveConfig {
  /** Every mint is refused. A switch that is not plainly off is on, as the functions read it. */
  readonly killSwitch: boolean;
  readonly caps: LiveCaps | null;
  readonly alerts: AlertThresholds | null;
  /** Path of what the functions cannot read: every mint is refused until it is mended. */
  readonly unreadable: string | null;
}

/** A project without the document. */
export const NO_CONFIG: LiveConfig = { killSwitch: false, caps: null, alerts: null, unreadable: null };

/** Reads the document, a broken one too. */
export function liveConfigOf(data: Readonly<Record<string, unknown>>): LiveConfig {
  try {
    const { killSwitch, caps, alerts } = readConfigDocument(data);
    return { killSwitch, caps, alerts, unreadable: null };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return { ...NO_CONFIG, killSwitch: data.killSwitch !== false, unreadable: error.path };
  }
}
