/**
 * Figures, times and messages in few words. Pure.
 * @module
 */

/** @typedef {import('../src/live-emulator.ts').JournalEntry} JournalEntry */
/** @typedef {import('../src/live-emulator.ts').LiveSessionView} LiveSessionView */

/** Longest summary of a message, in characters. */
const MOST_CHARACTERS = 160;

/**
 * `12:05:01.250`, in the viewer's time zone.
 * @param {number} atMs
 */
export function timeText(atMs) {
  const at = new Date(atMs);
  const two = (/** @type {number} */ number) => String(number).padStart(2, '0');
  const ms = String(at.getMilliseconds()).padStart(3, '0');
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${ms}`;
}

/**
 * `950 B`, `12.3 kB`, `4.1 MB`.
 * @param {number} bytes
 */
export function bytesText(bytes) {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/**
 * How far the clock is ahead: `as the machine’s`, `+1 min 30 s`.
 * @param {number} offsetMs
 */
export function offsetText(offsetMs) {
  const seconds = Math.round(offsetMs / 1_000);
  if (offsetMs === 0) return 'as the machine’s';
  if (seconds === 0) return `+${offsetMs} ms`;
  const parts = [
    [Math.floor(seconds / 3_600), 'h'],
    [Math.floor((seconds % 3_600) / 60), 'min'],
    [seconds % 60, 's'],
  ].filter(([count]) => count !== 0);
  return `+${parts.map(([count, unit]) => `${count} ${unit}`).join(' ')}`;
}

/**
 * What a session did, in one line.
 * @param {LiveSessionView} session
 */
export function sessionText({ turns, usage, audioSeconds, videoFrames, interruptions }) {
  return [
    `${turns} ${turns === 1 ? 'turn' : 'turns'}`,
    ...(interruptions > 0 ? [`${interruptions} interrupted`] : []),
    `${usage.total.toLocaleString()} tokens`,
    `${audioSeconds.toFixed(1)} s heard`,
    ...(videoFrames > 0 ? [`${videoFrames} ${videoFrames === 1 ? 'frame' : 'frames'}`] : []),
  ].join(' · ');
}

/**
 * State of a session, with its close code once it is over.
 * @param {LiveSessionView} session
 */
export function stateText({ state, connected, closeCode }) {
  return connected ? state : `closed ${closeCode ?? ''}`.trimEnd();
}

/**
 * What an entry says: its key and the rest, and, where entries like it come in floods, the name of the flood.
 * @param {JournalEntry} entry
 * @returns {{ key: string, rest: string, flood?: string }}
 */
export function summaryOf(entry) {
  switch (entry.kind) {
    case 'open':
      return { key: 'opened', rest: '' };
    case 'close':
      return { key: `closed ${entry.code}`, rest: `by ${entry.by}${entry.reason && `: ${entry.reason}`}` };
    case 'warning':
      return { key: 'warning', rest: entry.text };
    case 'in-refused':
      return { key: 'refused', rest: entry.problem };
    case 'fault':
      return { key: `fault ${entry.fault}`, rest: `by ${entry.rule ?? 'its answer'}` };
    default:
      return messageSummary(/** @type {Record<string, unknown>} */ (entry.message));
  }
}

/**
 * @param {Record<string, unknown>} message
 * @returns {{ key: string, rest: string, flood?: string }}
 */
function messageSummary(message) {
  const keys = Object.keys(message);
  const key = keys.join(' + ') || 'empty';
  const [only] = keys;
  if (keys.length === 1 && only !== undefined) {
    const flood = floodOf(only, message[only]);
    if (flood !== undefined) return { key, rest: flood, flood: `${key} ${flood}` };
  }
  const inner = keys.map((each) => outline(message[each])).join(' ');
  return { key, rest: cut(inner) };
}

/**
 * Audio and video come many times a second: their names, without what differs.
 * @param {string} key
 * @param {any} payload
 * @returns {string | undefined}
 */
function floodOf(key, payload) {
  if (typeof payload !== 'object' || payload === null) return undefined;
  const names = Object.keys(payload);
  if (key === 'realtimeInput' && names.length === 1 && ['audio', 'video'].includes(names[0] ?? ''))
    return names[0];
  const part = payload.modelTurn?.parts;
  if (key !== 'serverContent' || names.length !== 1 || !Array.isArray(part)) return undefined;
  const isAudio =
    part.length > 0 && part.every((each) => String(each?.inlineData?.mimeType).startsWith('audio/'));
  return isAudio ? 'audio' : undefined;
}

/**
 * @param {unknown} value
 * @returns {string}
 */
function outline(value) {
  const text = JSON.stringify(value) ?? '';
  return text === '{}' ? '' : text;
}

/** @param {string} text */
function cut(text) {
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}

/**
 * True for entries of the kind the viewer chose.
 * @param {JournalEntry} entry
 * @param {string} choice
 */
export function isOfKind({ kind }, choice) {
  if (choice === '') return true;
  if (choice === 'warning') return ['warning', 'in-refused', 'fault'].includes(kind);
  return choice === 'close' ? kind === 'open' || kind === 'close' : kind === choice;
}
