/**
 * What two traces differ in, as rows of a table, and the same rows read back from a document.
 * @module
 */

/** One step that the two modules answer differently. */
export interface Difference {
  readonly app: string;
  readonly step: string;
  readonly theirs: string;
  readonly ours: string;
}

type Trace = readonly (readonly [step: string, seen: string])[];

const HEAD = '| app | step | firebase/ai | here |';

/** Step by step, in the order of the first trace; a step that only one has is a difference too. */
export function differences(app: string, theirs: Trace, ours: Trace): readonly Difference[] {
  const seenBy = (trace: Trace, step: string): string =>
    trace.find(([name]) => name === step)?.[1] ?? 'not reached';
  const steps = new Set([...theirs, ...ours].map(([step]) => step));
  const found = [...steps].flatMap((step) => {
    const row = { app, step, theirs: seenBy(theirs, step), ours: seenBy(ours, step) };
    return row.theirs === row.ours ? [] : [row];
  });
  const [a, b] = [theirs, ours].map((trace) => trace.map(([step]) => step).join(', '));
  return a === b || found.some((row) => [row.theirs, row.ours].includes('not reached'))
    ? found
    : [...found, { app, step: 'the order of the steps', theirs: a ?? '', ours: b ?? '' }];
}

/** The table under `heading` of a Markdown document. Throws where there is none. */
export function tableUnder(document: string, heading: string): readonly Difference[] {
  const section = document.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0];
  const lines = section?.split('\n').filter((line) => line.startsWith('|'));
  if (!lines || lines[0]?.replace(/\s+/g, ' ') !== HEAD) throw new Error(`No table under ${heading}.`);
  return lines.slice(2).map((line) => {
    const [app = '', step = '', theirs = '', ours = ''] = line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim().replaceAll('`', ''));
    return { app, step, theirs, ours };
  });
}

/** The table to put there. */
export function tableOf(rows: readonly Difference[]): string {
  return [
    HEAD,
    '| --- | --- | --- | --- |',
    ...rows.map(({ app, step, theirs, ours }) => `| ${app} | ${step} | ${theirs} | ${ours} |`),
  ].join('\n');
}
