/**
 * A Python that plays flows, one order at a time: importing the SDK takes seconds, a flow milliseconds.
 * @module
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { FlowName, FlowReport } from '../client-contract.ts';

const PLAYER = fileURLToPath(new URL('../python/genai_flows.py', import.meta.url));

/** What is played, and where. */
export interface PythonOrder {
  readonly flow: FlowName;
  /** How the client is made: by key for the Developer API, or in one of Vertex AI's manners. */
  readonly manner: 'key' | 'project' | 'express' | 'whole-address';
  readonly baseUrl: string;
  readonly apiVersion: string;
  readonly model: string;
  readonly script: object;
  /** Base64 of 16 kHz PCM. */
  readonly pcm: string;
}

/** A running Python. */
export interface PythonPlayer {
  /** Plays one flow; rejects with what Python said of it. One at a time. */
  play(order: PythonOrder): Promise<FlowReport>;
  close(): Promise<void>;
}

/** Starts one. `caFile`: the authority that signed the emulator's certificate. Whoever starts it closes it. */
export function startPython(python: string, caFile: string): PythonPlayer {
  const child = spawn(python, ['-u', PLAYER], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, SSL_CERT_FILE: caFile, PYTHONDONTWRITEBYTECODE: '1' },
  });
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async play(order) {
      child.stdin.write(`${JSON.stringify(order)}\n`);
      const { value } = await lines.next();
      if (value === undefined) throw new Error('Python ended.');
      const { report, error } = JSON.parse(value) as { report?: FlowReport; error?: string };
      if (report === undefined) throw new Error(error);
      return report;
    },
    async close() {
      child.stdin.end();
      await gone;
    },
  };
}
