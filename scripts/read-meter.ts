/**
 * Counts what a page reads of Firestore, on the wire: a door between the page and the emulator. The page's own word is
 * not asked for.
 * @module
 */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Reads as Firestore bills them. */
export interface Reads {
  /** Documents that a listener was sent, new or changed, and those that left its result because they changed. */
  readonly documents: number;
  /** Aggregations: one for each thousand of index entries, one at least. A sum counts as one: here they are over few. */
  readonly aggregations: number;
}

/** A running door. */
export interface ReadMeter {
  readonly port: number;
  /** Since the last call, or since the start. */
  take(): Reads;
  close(): Promise<void>;
}

/** Index entries that one read of an aggregation covers. Source: Firestore pricing page, "Aggregation queries", read 2026-11-21. */
const ENTRIES_A_READ = 1_000;
/** Bytes of a chunk's end that the next chunk may go on with: longer than any of the marks and a count. */
const KEPT_TAIL = 200;

/**
 * Opens a door to the emulator at `host:port`. What goes through is not changed, but for compression, which it asks the
 * emulator not to use.
 */
export async function openReadMeter(emulator: string): Promise<ReadMeter> {
  const [host = '127.0.0.1', port = '8080'] = emulator.split(':');
  let documents = 0;
  let aggregations = 0;
  const server = createServer((incoming, outgoing) => {
    let asked = '';
    incoming.on('data', (chunk: Buffer) => {
      if (/:runAggregationQuery/.test(incoming.url ?? '')) asked += chunk.toString('latin1');
    });
    const counter = countReads(
      (count) => {
        documents += count;
      },
      (count) => {
        aggregations += count;
      },
      () => asked.includes('"sum"'),
    );
    pass({ incoming, outgoing, host, port: Number(port) }, counter);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    take() {
      const taken = { documents, aggregations };
      documents = 0;
      aggregations = 0;
      return taken;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** All reads of a tally. */
export function readsIn({ documents, aggregations }: Reads): number {
  return documents + aggregations;
}

/** Reads the answers of a connection, in pieces as they come: finds each mark once, also where two pieces share it. */
export function countReads(
  onDocuments: (count: number) => void,
  onAggregations: (count: number) => void,
  /** Whether what is added up is something else than documents: the figure tells nothing of how many there were. */
  isSum: () => boolean = () => false,
): (piece: string) => void {
  let tail = '';
  return (piece) => {
    const text = tail + piece;
    const isNew = (end: number): boolean => end > tail.length;
    let documents = 0;
    for (const { index, 0: mark } of text.matchAll(/"document(?:Change|Remove)"\s*:/g))
      if (isNew(index + mark.length)) documents += 1;
    let aggregations = 0;
    for (const { index, 0: mark, 1: count } of text.matchAll(
      /"aggregateFields"\s*:\s*\{[^{}]*\{\s*"(?:integer|double)Value"\s*:\s*"?(\d+)/g,
    ))
      if (isNew(index + mark.length))
        aggregations += isSum() ? 1 : Math.max(1, Math.ceil(Number(count) / ENTRIES_A_READ));
    if (documents > 0) onDocuments(documents);
    if (aggregations > 0) onAggregations(aggregations);
    tail = text.slice(-KEPT_TAIL);
  };
}

interface Passage {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly host: string;
  readonly port: number;
}

function pass({ incoming, outgoing, host, port }: Passage, count: (piece: string) => void): void {
  const headers = { ...incoming.headers, 'accept-encoding': 'identity' };
  const onward = request(
    { host, port, method: incoming.method, path: incoming.url, headers },
    (answer: IncomingMessage) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('data', (chunk: Buffer) => {
        count(chunk.toString('latin1'));
        outgoing.write(chunk);
      });
      answer.on('end', () => outgoing.end());
      answer.on('error', () => outgoing.destroy());
    },
  );
  onward.on('error', () => outgoing.destroy());
  outgoing.on('close', () => onward.destroy());
  incoming.pipe(onward);
}
