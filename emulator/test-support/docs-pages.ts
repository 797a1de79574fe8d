import { fileURLToPath } from 'node:url';
import { LIVE_MODELS, type LiveModel, SHUTDOWN_SOURCES, type ShutdownSource } from '@livegate/protocol';
import { CLOSINGS, type Closing } from '../src/closings.ts';
import { FIELD_EFFECTS } from '../src/field-effects.ts';
import type { ClientField, ServerField, TestReference } from '../src/field-paths.ts';
import { SERVER_FIELDS } from '../src/server-fields.ts';
import { OPEN_POINTS, OPTION_SOURCES, openOptions } from './unconfirmed.ts';

const pathOf = (name: string): string => fileURLToPath(new URL(`../docs/${name}`, import.meta.url));

/** Where the page of fields stands: written from a table, as the other two are. */
export const FIELDS_PAGE: string = pathOf('fields.md');
/** Where the page of models stands. */
export const MODELS_PAGE: string = pathOf('models.md');
/** Where the page of open points stands. */
export const UNCONFIRMED_PAGE: string = pathOf('unconfirmed.md');

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

/** The text of `unconfirmed.md`. */
export function unconfirmedPage(): string {
  const options = openOptions().map(({ option, byDefault, values, about }) => [
    `\`${option}\``,
    `\`${byDefault}\``,
    `\`${values}\``,
    about,
    OPTION_SOURCES[option] ?? '',
  ]);
  const closings = Object.entries<Closing>(CLOSINGS).flatMap(
    ([condition, { code, reason, when, unconfirmed }]) =>
      unconfirmed ? [[`\`${condition}\``, String(code), when, reason]] : [],
  );
  return `# What nobody has confirmed

Nothing here was tried against the real service. Where its behaviour is not published, an option chooses, or the
emulator does what is said below. Written by \`node emulator/test-support/write-docs.ts\` from \`src/options.ts\`,
\`src/closings.ts\` and \`test-support/unconfirmed.ts\`; a test says when it is stale. \`docs/conformance.md\` says how to
compare with the service itself. Times are in ms.

## Options

${table(['option', 'default', 'values', 'what it chooses', 'source'], options)}

## Close codes and reasons

${table(['condition', 'code here', 'when', 'reason here'], closings)}

## Not a matter of an option

${table(
  ['not known', 'the emulator', 'source'],
  OPEN_POINTS.map(({ what, here, source }) => [what, here, source]),
)}
`;
}

/** The text of `models.md`. */
export function modelsPage(): string {
  const sources: Readonly<Record<string, ShutdownSource>> = SHUTDOWN_SOURCES;
  const rows = Object.entries<LiveModel>(LIVE_MODELS).map(([id, model]) => [
    `\`${id}\``,
    model.backends.map((each) => (each === 'google-ai' ? 'Developer API' : 'Vertex AI')).join(', '),
    model.modalities.join(' or '),
    model.thinking,
    model.proactive,
    model.affective ? 'yes' : 'no',
    model.functions,
    `${model.window.input.toLocaleString('en')} / ${model.window.output.toLocaleString('en')}`,
    model.shutdown === undefined ? '' : `${model.shutdown} (${sources[id]?.kind ?? ''})`,
    model.successor === undefined ? '' : `\`${model.successor}\``,
  ]);
  const read = Object.entries(sources).map(([id, { kind, source }]) => [`\`${id}\``, kind, source]);
  return `# Models

Written by \`node emulator/test-support/write-docs.ts\` from the one table of models, \`protocol/src/models.ts\`, which the
functions and the web module read too. A setup that a model does not take closes with 1007. A model past its shutdown date
answers, with a warning in log and journal that names the current one; under \`strictModels\` it is refused as the service
does in the end. A model that is not here is always refused, with 1008.

${table(['model', 'served by', 'answers in', 'thinkingConfig', 'proactive audio', 'affective dialog', 'functions', 'window in / out', 'shutdown', 'now'], rows)}

Functions: what a declaration without \`behavior\` means; \`blocking-only\` knows no other. Shutdown dates are UTC, and none
was read from the service itself:

${table(['model', 'its date is', 'read where'], read)}
`;
}
