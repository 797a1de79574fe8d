/**
 * The table of the Live API as text: what is committed, compared in CI, and read by people.
 * @module
 */
import type { Declaration } from './declarations.ts';
import { type LiveSurface, NOT_FOLLOWED } from './live-surface.ts';

const HEADINGS: readonly (readonly [title: string, kinds: readonly Declaration['kind'][]])[] = [
  ['Functions', ['function']],
  ['Classes', ['class', 'abstract class']],
  ['Constants', ['constant']],
  ['Types', ['interface', 'type']],
];

/** The document for one version of @firebase/ai. Ends in a line feed. */
export function surfaceTable({ live }: LiveSurface, version: string): string {
  const parts = HEADINGS.flatMap(([title, kinds]) => {
    const declarations = live.filter(({ kind }) => kinds.includes(kind));
    const rows = declarations.flatMap(rowsOf);
    return [
      `## ${title} (${declarations.length})`,
      '| export | member | as declared | documented default |\n| --- | --- | --- | --- |\n'.concat(
        rows.join('\n'),
      ),
    ];
  });
  const intro = [
    `# The Live API of @firebase/ai ${version}`,
    'Written by `node test/mirror/main.ts` from the declarations that @firebase/ai publishes; `npm run check` compares.\n' +
      'Every row is in `@livegate/web` under the same name: `types.test.ts` holds each signature assignable,\n' +
      '`surface.test.ts` each value, method and default.',
    `Not followed: ${Object.entries(NOT_FOLLOWED)
      .map(([member, why]) => `\`${member}\` (${why})`)
      .join('; ')}.`,
  ];
  return `${[...intro, ...parts].join('\n\n')}\n`;
}

function rowsOf({ name, kind, heading, members, isDeprecated }: Declaration): readonly string[] {
  const title = `\`${name}\`${isDeprecated ? ' (deprecated)' : ''}`;
  const declared = [kind, heading].filter((text) => text !== '').join(' ');
  const first = kind === 'function' ? [] : [row(title, '', declared, undefined)];
  return [
    ...first,
    ...members.map((member) =>
      row(
        kind === 'function' ? title : '',
        kind === 'function' ? '' : member.name,
        member.signature,
        member.documentedDefault,
      ),
    ),
  ];
}

function row(title: string, member: string, declared: string, standard: string | undefined): string {
  const cells = [
    title,
    code(member),
    code(declared),
    standard === undefined ? '' : standard.replaceAll('|', '\\|'),
  ];
  return `| ${cells.join(' | ')} |`;
}

function code(text: string): string {
  return text === '' ? '' : `\`${text.replaceAll('|', '\\|')}\``;
}
