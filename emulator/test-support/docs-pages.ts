import { fileURLToPath } from 'node:url';
import { FIELD_EFFECTS } from '../src/field-effects.ts';
import type { ClientField, ServerField, TestReference } from '../src/field-paths.ts';
import { SERVER_FIELDS } from '../src/server-fields.ts';

const pathOf = (name: string): string => fileURLToPath(new URL(`../docs/${name}`, import.meta.url));

/** Where the pages stand that are written from tables. */
export const FIELDS_PAGE: string = pathOf('fields.md');

/** A table in Markdown. Bars in cells are escaped. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const cite = ([file, title]: TestReference): string => {
  const name = file.slice(file.lastIndexOf('/') + 1);
  return `[${name}](../../${file}): ${title}`;
};

function clientRow([path, field]: readonly [string, ClientField]): readonly string[] {
  if ('effect' in field) return [`\`${path}\``, field.effect, cite(field.test)];
  const checked = field.checked === undefined ? '' : ` Checked: ${field.checked}.`;
  return [
    `\`${path}\``,
    `**accepted without effect**: ${field.without}.${checked}`,
    cite(field.test ?? ['emulator/src/field-effects.test.ts', `finds ${path}`]),
  ];
}

function serverRow([path, field]: readonly [string, ServerField]): readonly string[] {
  return 'when' in field
    ? [`\`${path}\``, field.when, cite(field.test)]
    : [`\`${path}\``, `never: ${field.never}`, ''];
}

/** The text of `fields.md`. */
export function fieldsPage(): string {
  const client = Object.entries<ClientField>(FIELD_EFFECTS);
  const server = Object.entries<ServerField>(SERVER_FIELDS);
  const unused = client.filter(([, field]) => 'without' in field).length;
  return `# Every field of the wire

Written by \`node emulator/test-support/write-docs.ts\` from \`src/field-effects.ts\` and \`src/server-fields.ts\`; a test
says when it is stale. \`a[].b\` is a field of each element of a list.

## What a client sends

${client.length} fields, ${unused} of them without effect: these are checked for their type (and where it says so for
more), named once a run in the log as a warning, and in the journal of each session that sent them.

${table(['field', 'effect', 'shown by'], client.map(clientRow))}

## What the server sends

${table(['field', 'when', 'shown by'], server.map(serverRow))}
`;
}
