/**
 * The file of a recording: a line of JSON for its head, then one for each thing that happened, oldest first.
 * @module
 */
import {
  type ClientMessage,
  decodeClientMessage,
  decodeServerMessage,
  isObject,
  ProtocolError,
} from '@livegate/protocol';
import { EmulatorError } from './errors.ts';

/** The form of the file. A reader refuses another. */
export const RECORDING_VERSION = 1;

/** First line of a recording. */
export interface RecordingHead {
  readonly livegateRecording: typeof RECORDING_VERSION;
  /** RFC 3339, UTC. */
  readonly recordedAt: string;
}

/** Something that happened in one session. `atMs` counts from its opening. */
export type RecordingLine = { readonly session: number; readonly atMs: number } & (
  | { readonly open: { readonly path: string } }
  | { readonly from: 'client' | 'server'; readonly message: object }
  /** A frame that was no JSON object. */
  | { readonly from: 'client' | 'server'; readonly unreadableBytes: number }
  | {
      readonly close: {
        readonly code: number;
        readonly reason: string;
        readonly by: 'client' | 'server';
      };
    }
);

/** A step of a recorded session, read back. `line` is where it stands in its file. */
export type RecordedStep = { readonly atMs: number; readonly line: number } & (
  | { readonly kind: 'client'; readonly message: ClientMessage }
  | { readonly kind: 'server'; readonly text: string }
  | {
      readonly kind: 'close';
      readonly code: number;
      readonly reason: string;
      readonly by: 'client' | 'server';
    }
);

/** One recorded session. */
export interface RecordedSession {
  readonly path: string;
  readonly steps: readonly RecordedStep[];
}

/** The text of one line. */
export function recordingText(line: RecordingHead | RecordingLine): string {
  return `${JSON.stringify(line)}\n`;
}

/**
 * Reads a recording. Throws {@link EmulatorError} `invalid-recording` naming file and line where a line is not what
 * {@link recordingText} writes.
 */
export function readRecording(text: string, file: string): readonly RecordedSession[] {
  const [head = '', ...lines] = text.split('\n');
  const refuse = (line: number, problem: string, cause?: unknown): EmulatorError =>
    new EmulatorError('invalid-recording', `${file}:${line}: ${problem}`, { cause });
  const parsed = (source: string, line: number): Readonly<Record<string, unknown>> => {
    try {
      const value: unknown = JSON.parse(source);
      if (isObject(value)) return value;
    } catch (cause) {
      throw refuse(line, 'expected a line of JSON', cause);
    }
    throw refuse(line, 'expected an object');
  };
  if (parsed(head, 1).livegateRecording !== RECORDING_VERSION)
    throw refuse(
      1,
      `expected {"livegateRecording":${RECORDING_VERSION}, …}: this is no recording, or of another version`,
    );
  const sessions = new Map<number, { path: string; steps: RecordedStep[] }>();
  lines.forEach((source, index) => {
    if (source.trim() === '') return;
    const line = index + 2;
    const value = parsed(source, line);
    const { session, atMs, open } = value;
    if (typeof session !== 'number' || typeof atMs !== 'number')
      throw refuse(line, 'expected a session and its time in ms');
    if (isObject(open)) {
      if (typeof open.path !== 'string') throw refuse(line, 'open.path: expected text');
      sessions.set(session, { path: open.path, steps: [] });
      return;
    }
    const found = sessions.get(session);
    if (found === undefined) throw refuse(line, `session ${session} was not opened before`);
    try {
      const step = stepOf(value, { atMs, line });
      if (step) found.steps.push(step);
    } catch (cause) {
      throw refuse(line, cause instanceof Error ? cause.message : String(cause), cause);
    }
  });
  if (sessions.size === 0) throw refuse(1, 'it holds no session');
  return [...sessions.values()];
}

function stepOf(
  { from, message, close, unreadableBytes }: Readonly<Record<string, unknown>>,
  at: { readonly atMs: number; readonly line: number },
): RecordedStep | undefined {
  if (unreadableBytes !== undefined) return undefined;
  if (isObject(close)) {
    const { code, reason, by } = close;
    if (typeof code !== 'number' || typeof reason !== 'string' || (by !== 'client' && by !== 'server'))
      throw new ProtocolError('invalid-field', 'close', 'close: expected code, reason and by');
    return { ...at, kind: 'close', code, reason, by };
  }
  const text = JSON.stringify(message ?? null);
  if (from === 'client') return { ...at, kind: 'client', message: decodeClientMessage(text) };
  if (from !== 'server') throw new ProtocolError('invalid-field', 'from', 'from: expected client or server');
  decodeServerMessage(text);
  return { ...at, kind: 'server', text };
}
