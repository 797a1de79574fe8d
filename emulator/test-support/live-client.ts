import type { ServerMessage } from '@livegate/protocol';
import { WebSocket } from 'ws';

const METHOD = 'google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent';

/** How a {@link LiveClient} connects. */
export interface LiveClientOptions {
  /** Path and query. Default: the Developer API by key. */
  readonly path?: string;
  readonly headers?: Record<string, string>;
  /** Over TLS. */
  readonly secure?: boolean;
}

/** A bare WebSocket client: what it sends goes out as it is, what comes is read in order. */
export class LiveClient {
  readonly #socket: WebSocket;
  readonly #received: ServerMessage[] = [];
  readonly #frames: boolean[] = [];
  readonly #opened: Promise<void>;
  #read = 0;
  #wake = (): void => {};
  closed: { readonly code: number; readonly reason: string } | undefined;

  constructor(
    { host }: { readonly host: string },
    { path = `/ws/${METHOD}?key=any`, headers = {}, secure = false }: LiveClientOptions = {},
  ) {
    this.#socket = new WebSocket(`${secure ? 'wss' : 'ws'}://${host}${path}`, { headers });
    this.#opened = new Promise((resolve, reject) => {
      this.#socket.on('open', resolve);
      this.#socket.on('error', reject);
    });
    this.#opened.catch(() => undefined);
    this.#socket.on('message', (data, isBinary) => {
      this.#received.push(JSON.parse(data.toString()) as ServerMessage);
      this.#frames.push(isBinary);
      this.#wake();
    });
    this.#socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      this.#wake();
    });
  }

  /** A client whose setup is done. */
  static async ready(
    server: { readonly host: string },
    setup: object = {},
    options: LiveClientOptions = {},
  ): Promise<LiveClient> {
    const client = new LiveClient(server, options);
    await client.send({ setup: { model: 'models/gemini-3.8-live', ...setup } });
    const first = await client.next();
    if (first?.setupComplete === undefined)
      throw new Error(`No setupComplete: ${JSON.stringify(first ?? client.closed)}`);
    return client;
  }

  /** True for each frame that came as binary, in order. */
  get frames(): readonly boolean[] {
    return this.#frames;
  }

  /** Everything that came, read or not. */
  get received(): readonly ServerMessage[] {
    return this.#received;
  }

  /** Sends JSON, or text as it stands. */
  async send(message: object | string): Promise<this> {
    await this.#opened;
    this.#socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    return this;
  }

  /** The next message that has not been read; `undefined` when the connection is over. */
  async next(): Promise<ServerMessage | undefined> {
    while (this.#read >= this.#received.length && !this.closed)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    return this.#received[this.#read++];
  }

  /** Reads up to the first message that fits, that one included. Throws where the connection ends before. */
  async until(fits: (message: ServerMessage) => unknown): Promise<readonly ServerMessage[]> {
    const read: ServerMessage[] = [];
    for (;;) {
      const message = await this.next();
      if (message === undefined) throw new Error(`Closed: ${JSON.stringify(this.closed)}`);
      read.push(message);
      if (fits(message)) return read;
    }
  }

  /** Reads to the end of the model's turn. */
  turn(): Promise<readonly ServerMessage[]> {
    return this.until(({ serverContent }) => serverContent?.turnComplete);
  }

  /** How the connection ended. */
  async closing(): Promise<{ readonly code: number; readonly reason: string }> {
    while (!this.closed)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    return this.closed;
  }

  close(): void {
    this.#socket.close(1000);
  }
}

/** The text of every part and transcript of the model in these messages. */
export function wordsOf(messages: readonly ServerMessage[]): string {
  return messages
    .flatMap(({ serverContent }) => [
      serverContent?.outputTranscription?.text ?? '',
      ...(serverContent?.modelTurn?.parts ?? []).map(({ text = '' }) => text),
    ])
    .join('');
}

/** Bytes of audio in these messages. */
export function audioBytesOf(messages: readonly ServerMessage[]): number {
  return messages
    .flatMap(({ serverContent }) => serverContent?.modelTurn?.parts ?? [])
    .reduce((sum, { inlineData }) => sum + Buffer.from(inlineData?.data ?? '', 'base64').length, 0);
}

/** Reads up to the first message that holds that field, of its own or of its `serverContent`, and gives it. */
export async function messageWith(client: LiveClient, field: string): Promise<ServerMessage> {
  const read = await client.until(
    (message) => field in message || (message.serverContent && field in message.serverContent),
  );
  return read.at(-1) ?? {};
}
