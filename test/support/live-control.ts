/**
 * The Live emulator's views over HTTP: it lives in Vitest's own process, the tests in others.
 * @module
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { deserialize, serialize } from 'node:v8';
import type { Answer, HandleScope, LiveEmulator } from '@livegate/emulator';

/** What can be asked for. The names of {@link LiveEmulator}, and what is answered from now on. */
export interface LiveCalls {
  sessions: LiveEmulator['sessions'];
  journal: LiveEmulator['journal'];
  receivedAudio: LiveEmulator['receivedAudio'];
  goAway: LiveEmulator['goAway'];
  drop: LiveEmulator['drop'];
  answerWith(answer: Answer | undefined): void;
  answerWhere(instruction: string, answer: Answer): void;
  handlesWorkFor(scope: HandleScope): void;
}

/** The server, listening. */
export interface LiveControl {
  /** `http://127.0.0.1:port`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the calls. Arguments and results travel as structured clones, so typed arrays stay what they are. */
export async function serveLiveControl(calls: LiveCalls): Promise<LiveControl> {
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      try {
        const [name, args] = deserialize(body) as [keyof LiveCalls, never[]];
        response.end(serialize((calls[name] as (...given: never[]) => unknown)(...args)));
      } catch (error) {
        response.writeHead(500).end(String(error));
      }
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
