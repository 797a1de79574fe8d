/**
 * The table of clients and flows: gathered while the tests run, printed, and held against the one in the documents.
 * @module
 */
import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { FLOW_NAMES, FLOWS, type FlowName } from '../client-contract.ts';

const DOCUMENT = fileURLToPath(new URL('../../../emulator/docs/clients.md', import.meta.url));
const HEAD = ['client', 'API', 'frames', ...Object.values(FLOWS)];

/** Where a flow was held. */
export interface Place {
  /** The interface that was called, and its version. */
  readonly api: string;
  readonly frames: 'binary' | 'text';
}

/** The rows of one client. A cell is ticked once the flow was held with every kind of frame that the row names. */
export class ClientTable {
  readonly #client: string;
  readonly #held = new Map<string, Map<FlowName, Set<string>>>();

  constructor(client: string) {
    this.#client = client;
  }

  /** A flow was held. */
  note(flow: FlowName, { api, frames }: Place): void {
    const row = this.#held.get(api) ?? new Map<FlowName, Set<string>>();
    this.#held.set(api, row.set(flow, (row.get(flow) ?? new Set()).add(frames)));
  }

  /** The rows, as cells. */
  get rows(): readonly (readonly string[])[] {
    return [...this.#held].map(([api, flows]) => {
      const frames = [...new Set([...flows.values()].flatMap((each) => [...each]))].sort();
      const cells = FLOW_NAMES.map((flow) => {
        const held = flows.get(flow);
        return held === undefined ? '–' : held.size === frames.length ? '✓' : '✗';
      });
      return [this.#client, api, frames.join(', '), ...cells];
    });
  }

  /**
   * Prints the rows; gives them and those of the document, as text, to be compared. With `LIVEGATE_WRITE=1` they are
   * written there first.
   */
  async finish(): Promise<{ readonly ran: string; readonly documented: string }> {
    console.log(`\n${tableOf(this.rows)}\n`);
    if (process.env.LIVEGATE_WRITE === '1') await this.#write();
    const documented = documentedRows(await readFile(DOCUMENT, 'utf8')).filter(
      ([client]) => client === this.#client,
    );
    return { ran: tableOf(this.rows), documented: tableOf(documented) };
  }

  async #write(): Promise<void> {
    const text = await readFile(DOCUMENT, 'utf8');
    const name = nameOf(this.#client);
    const others = documentedRows(text).filter(([client = '']) => nameOf(client) !== name);
    const rows = [...others, ...this.rows].sort(([a = ''], [b = '']) => a.localeCompare(b));
    await writeFile(DOCUMENT, text.replace(/(?<=\n)\| client (?:.*\n)(?:\|.*\n)*/, `${tableOf(rows)}\n`));
  }
}

/** The version of a package in node_modules, by its folder there. */
export function installedVersion(folder: string): string {
  const file = new URL(`../../../node_modules/${folder}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version;
}

/** `@google/genai 3` of `@google/genai 3.1.0`: another version takes the place of this one's rows. */
function nameOf(client: string): string {
  return client.replace(/(\d+)\.\S+$/, '$1');
}

function documentedRows(text: string): readonly (readonly string[])[] {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => line.startsWith('| client '));
  const end = lines.findIndex((line, at) => at > first && !line.startsWith('|'));
  return lines.slice(first + 2, end).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

function tableOf(rows: readonly (readonly string[])[]): string {
  const widths = HEAD.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(HEAD), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
