/**
 * Tests that have a long form: `npm run test:long` runs it, `npm test` the short one and says so.
 * @module
 */

/** How much of each is done, by the name of the test. */
export const SHORT_FORMS = {
  'any order of calls keeps the bounds, in memory': { short: 2_000, long: 20_000, unit: 'runs' },
  'any order of calls keeps the bounds, on the emulator': { short: 30, long: 300, unit: 'runs' },
  'mutants of the source, without an emulator': { short: 3, long: 27, unit: 'changes' },
  'mints of a user at once, with room for all': { short: 10, long: 100, unit: 'mints' },
  'the benchmark of the web module, once each': { short: 3, long: 5, unit: 'rows' },
  'the benchmark of the Live emulator, one round': { short: 10, long: 100, unit: 'users' },
  'the benchmark of the dashboard, one round': { short: 4, long: 60, unit: 'rows' },
  'turns in an echoing room': { short: 4, long: 10, unit: 'turns' },
  'a person who cuts in': { short: 2, long: 5, unit: 'times' },
  'cases of a fuzzed client': { short: 10_000, long: 200_000, unit: 'cases' },
} as const;

/** Commands that are long by themselves: `npm run test:long` runs them, `npm test` leaves them out and says so. */
export const LONG_COMMANDS = [
  { command: 'mutants', args: [] },
  { command: 'bench-functions', args: ['--check'] },
  { command: 'bench-web', args: ['--check'] },
  { command: 'bench-emulator', args: ['--check'] },
  { command: 'bench-dashboard', args: ['--check'] },
] as const satisfies readonly { readonly command: string; readonly args: readonly string[] }[];

/** How much to do now. */
export function amountOf(name: keyof typeof SHORT_FORMS): number {
  const { short, long } = SHORT_FORMS[name];
  return process.env.LIVEGATE_LONG ? long : short;
}

/** What was short, for the summary of a run. */
export function shortFormsLine(): string {
  const forms = Object.entries(SHORT_FORMS).map(
    ([name, { short, long, unit }]) => `${name} (${short} of ${long} ${unit})`,
  );
  const left = LONG_COMMANDS.map(({ command }) => command);
  return `Short, long with npm run test:long: ${forms.join(', ')}. Only there: ${left.join(', ')}`;
}
