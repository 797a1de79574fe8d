// @ts-check
/**
 * What `node scripts/run.mjs <command>` knows: one table for dispatch and help.
 * @module
 */

/**
 * One command. `module` exports `run(args): Promise<number>`, the exit code; it is loaded once everything is
 * installed, while `help` needs nothing.
 * @typedef {{ readonly summary: string, readonly module: string, readonly args?: readonly string[], readonly help: string }} Command
 */

const ENVIRONMENT = `
Environment:
  XDG_CACHE_HOME       where Node 24 and the Firestore emulator are kept, in a folder "livegate" (default ~/.cache)
  LIVEGATE_FIRESTORE   "hidane" or "official": the Firestore emulator to use, instead of the first one found
  LIVEGATE_CHROMIUM    path of the Chrome or Chromium to drive, instead of the first one found`;

/** @type {Readonly<Record<string, Command>>} */
export const COMMANDS = {
  start: {
    summary: 'emulators, the seeded demo at one URL, the dashboard at another',
    module: './start.ts',
    help: `npm start -- [options]

Builds the pages and the functions, starts the emulators of Auth, Functions, Firestore, Hosting and the Live API,
seeds them, and prints the URLs of the demo and of the dashboard. Ctrl-C ends everything; a second Ctrl-C at once.

  --live            talk to the real Gemini Live API with the key in GEMINI_API_KEY; everything else stays local
  --port <number>   port of the demo (the dashboard's follows); an error names who holds it when it is taken
  --strict-ports    the same error for every other port, instead of the next free one
  --no-seed         start with an empty database and no users: every mint is refused until a policy exists
  --help            this text
${ENVIRONMENT}`,
  },
  test: {
    summary: 'everything: format, lint, types, unit tests, the emulator suite, Chromium',
    module: './test.ts',
    help: `npm test

Installs and builds what is missing, then runs: format, lint, types, unit tests, the suite on the emulators, and
the browser tests in Chromium. Ends with a table and one line, "N passed, N failed"; exit code 1 on any failure.
A part that crashes, or cannot start, counts as failed.

  --help            this text
${ENVIRONMENT}`,
  },
  'test-long': {
    summary: 'the same, with the long forms of the tests that have one',
    module: './test.ts',
    args: ['--long'],
    help: `npm run test:long

What "npm test" does, with LIVEGATE_LONG=1: tests that have a long form run it.

  --help            this text
${ENVIRONMENT}`,
  },
  check: {
    summary: 'format, lint, types, unit tests and the arrows between packages; no emulator, no browser',
    module: './check.ts',
    help: `npm run check

Runs the formatter and the linter (nothing is written), the type checker, and the unit tests, among them the one
that holds the arrows between packages.

  --help            this text`,
  },
  build: {
    summary: 'the bundle of the functions and the pages, for deployment and for the emulators',
    module: './build.ts',
    help: `npm run build

Writes functions/dist, demo/dist and dashboard/dist for deployment, and demo/dist-emulator and
dashboard/dist-emulator for "npm start" and the tests.

  --help            this text`,
  },
  format: {
    summary: "writes the formatter's and the linter's safe fixes",
    module: './format.ts',
    help: `npm run format

Writes formatting, sorted imports and safe fixes of lint findings.

  --help            this text`,
  },
};

/** The list of commands, as text. */
export function usage() {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length));
  const rows = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return `node scripts/run.mjs <command> [options]\n\n${rows.join('\n')}\n\nEach command explains itself with --help.`;
}

/**
 * Reads a command line. A help text and a complaint need nothing installed.
 * @param {readonly string[]} argv everything after `run.mjs`
 * @returns {{ readonly kind: 'help', readonly text: string } | { readonly kind: 'unknown', readonly text: string } | { readonly kind: 'run', readonly name: string, readonly command: Command, readonly args: readonly string[] }}
 */
export function readCommand(argv) {
  const [name, ...args] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help')
    return { kind: 'help', text: usage() };
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) return { kind: 'unknown', text: `There is no command "${name}".\n\n${usage()}` };
  if (args.includes('--help') || args.includes('-h')) return { kind: 'help', text: command.help };
  return { kind: 'run', name, command, args: [...(command.args ?? []), ...args] };
}
