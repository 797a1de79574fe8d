import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { WebSocket } from 'ws';

const METHOD = 'google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent';

/** Where it connects; over TLS where there is a CA to trust. */
export interface RawServer {
  readonly host: string;
  readonly caFile?: string;
}

/** A WebSocket client that judges nothing: every frame as it came, every way to end. */
export class RawClient {
  readonly socket: WebSocket;
  readonly frames: Buffer[] = [];
  /** What ws says of a connection that fails, upgrade included. */
  readonly errors: Error[] = [];
  closed: { readonly code: number; readonly reason: string } | undefined;

  constructor({ host, caFile }: RawServer, { token }: { readonly token?: string } = {}) {
    const path = token === undefined ? `${METHOD}?key=any` : `${METHOD}Constrained?access_token=${token}`;
    this.socket = new WebSocket(
      `${caFile === undefined ? 'ws' : 'wss'}://${host}/ws/${path}`,
      caFile === undefined ? {} : { ca: readFileSync(caFile) },
    );
    this.socket.on('message', (data) => this.frames.push(Buffer.from(data as Buffer)));
    this.socket.on('error', (error) => this.errors.push(error));
    this.socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
    });
  }

  /** A client whose setup has gone. */
  static async talking(
    server: RawServer,
    setup: object = {},
    options: { readonly token?: string } = {},
  ): Promise<RawClient> {
    const client = new RawClient(server, options);
    await once(client.socket, 'open');
    return client.send({ setup: { model: 'models/gemini-3.8-live', ...setup } });
  }

  get texts(): readonly string[] {
    return this.frames.map(String);
  }

  send(message: object): this {
    this.socket.send(JSON.stringify(message));
    return this;
  }

  say(text: string): this {
    return this.send({ clientContent: { turns: [{ role: 'user', parts: [{ text }] }], turnComplete: true } });
  }

  /** The first frame that fits. Throws where the connection ends before. */
  async until(fits: (text: string) => boolean): Promise<string> {
    for (;;) {
      const found = this.texts.find(fits);
      if (found !== undefined) return found;
      if (this.closed) throw new Error(`Closed: ${JSON.stringify(this.closed)}`);
      await new Promise<void>((resolve) => {
        for (const event of ['message', 'close']) this.socket.once(event, () => resolve());
      });
    }
  }

  async closing(): Promise<{ readonly code: number; readonly reason: string }> {
    if (!this.closed) await new Promise((resolve) => this.socket.once('close', resolve));
    return this.closed ?? { code: 0, reason: '' };
  }

  /** How an upgrade was refused. */
  async refusal(): Promise<{
    readonly status: number | undefined;
    readonly headers: Record<string, unknown>;
    readonly body: string;
  }> {
    const [, response] = await once(this.socket, 'unexpected-response');
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks).toString() };
  }
}
