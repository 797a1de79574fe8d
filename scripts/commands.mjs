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
seeds them, with a month of sample sessions for the dashboard, and prints the URLs of the demo and of the dashboard.
The books are kept every 20 seconds. Ctrl-C ends everything; a second Ctrl-C at once.

  --live            talk to the real Gemini Live API with the key in GEMINI_API_KEY; everything else stays local
  --port <number>   port of the demo (the dashboard's follows); an error names who holds it when it is taken
  --strict-ports    the same error for every other port, instead of the next free one
  --no-sample       seed settings and operators only: no month of made-up sessions for the dashboard
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
    summary: 'the same, with the long forms of the tests that have one, every mutant and the benchmarks',
    module: './test.ts',
    args: ['--long'],
    help: `npm run test:long

What "npm test" does, with LIVEGATE_LONG=1: tests that have a long form run it. Then every mutant, and the benchmarks
with --check.

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
  mutants: {
    summary: 'changes the source a line at a time, and wants a test to go red each time',
    module: '../test/mutants/main.ts',
    help: `npm run mutants -- [options]

Every threat that Livegate answers names a test and a change of one line of the source. This makes the changes one
after the other, in a copy of the repository, and runs the named test: it must fail, and pass without the change.
Ends with one line, "N of N mutants killed"; exit code 1 where one is not.

  --only <id>       this one, or those whose id begins so, such as threat:token-replay; may be given again
  --help            this text
${ENVIRONMENT}`,
  },
  'bench-functions': {
    summary: 'what the functions cost: time beside a transaction, reads and writes, money, loading',
    module: '../bench/functions/main.ts',
    help: `npm run bench:functions -- [options]

Measures the functions on the emulators: a mint beside one transaction, in one process and through the functions
emulator; reads and writes of each operation; from these what a million sessions of 1, 5 and 30 minutes cost; and how
long the bundle takes to load. Ends with one line, "N of M aims met". Takes about two minutes.

  --check           exit code 1 where an aim is missed
  --write           write the tables to docs/functions-cost.md
  --rounds <number> rounds of the comparisons of time (default: 200)
  --help            this text
${ENVIRONMENT}`,
  },
  'bench-web': {
    summary: 'how fast the web module is, beside firebase/ai and @google/genai, in Chromium',
    module: '../bench/web/main.ts',
    help: `npm run bench:web -- [options]

Measures the web module in Chromium with a fake microphone, beside firebase/ai and @google/genai in the same run: the
microphone's way to the wire, what becomes of tones, gaps, clicks and delays of what is played, the start, what three
minutes of talk cost, the codec, the bundle. Ends with one line, "N of M aims met". Takes about 40 minutes; nothing
else should run meanwhile.

  --check           exit code 1 where an aim is missed
  --write           write the table to bench/README.md
  --only <row>      this row only: microphone, tones, playback, jitter, start, load, codec, bundle or stress; may be
                    given again
  --resume          without the rows that a run finished in the last 12 hours, with as many rounds and the same versions
  --runs <number>   how often each is measured (default: 5)
  --help            this text
${ENVIRONMENT}`,
  },
  'bench-emulator': {
    summary: 'how many people can talk to the Live emulator at once, and how late it answers',
    module: '../bench/emulator/main.ts',
    help: `npm run bench:emulator -- [options]

Measures the Live emulator with 100 users who talk and listen at the same time, the load generator in a process of its
own: how much later than asked its answers start, whether anything is lost, its memory, the largest number of users it
still serves so, and how long the command takes to start. Ends with one line, "N of M aims met". Takes about five
minutes; nothing else should run meanwhile.

  --check              exit code 1 where an aim is missed
  --write              write the table to bench/README.md
  --rounds <number>    how often each is measured (default: 3)
  --sessions <number>  users at once (default: 100)
  --turns <number>     questions of each, eight seconds apart (default: 4)
  --no-search          leave out the search for the largest number
  --help               this text
${ENVIRONMENT}`,
  },
  'bench-dashboard': {
    summary: 'how soon a row stands on the dashboard, how it scrolls, what it weighs and reads',
    module: '../bench/dashboard/main.ts',
    help: `npm run bench:dashboard -- [options]

Measures the dashboard in Chromium on the emulators: from a write to Firestore to the row on the screen while twenty
writes a second go on; long tasks while it scrolls through 5,000 sessions; the JavaScript of the first load; what each
view reads when it opens, and what the view Now reads in an hour over 1,000 live sessions. Reads are counted on the wire.
Ends with one line, "N of M aims met". Takes about twelve minutes; nothing else should run meanwhile.

  --check              exit code 1 where an aim is missed
  --write              write the table to bench/README.md
  --only <figure>      this figure only: load, views, scroll, rows or now; may be given again
  --rounds <number>    how often rows and scrolling are measured (default: 3)
  --rows <number>      measured rows of a round (default: 60)
  --sessions <number>  sessions that are scrolled through (default: 5000)
  --minutes <number>   how long Now is looked at (default: 5)
  --help               this text
${ENVIRONMENT}`,
  },
  operate: {
    summary: 'the first admin, the first policy, prices, the kill switch: what the owner of a project does',
    module: './operate.ts',
    help: `npm run operate -- <act> --project <id> [options]

Changes a project's users and books with application-default credentials (gcloud auth application-default login), or
those of the emulators where FIRESTORE_EMULATOR_HOST and FIREBASE_AUTH_EMULATOR_HOST are set. Every act stands in the
audit; an act that was done already changes nothing.

  grant-admin       makes an admin of a user: the claim livegate beside the user's other claims
  revoke-role       takes a user's role, and their refresh tokens; the last admin stays
  write-policy open lets signed-in users in, with bounds; without a policy every mint is refused
  write-prices      the list prices of the models, for the cost figures
  kill-switch on|off  no mint for anybody, or mints again; within a minute on warm instances
  erase             removes what is kept of a user; the deployed functions carry it out

  --project <id>    the Firebase project
  --uid <uid>       the user, for grant-admin, revoke-role and erase
  --email <address> the user, for grant-admin and revoke-role
  --id <id>         where to write the policy: livePolicies/<id> (default: default)
  --force           write over a policy, or over prices, that were edited
  --reason <text>   why; it stands in the audit
  --database <id>   the Firestore database (default: (default))
  --collections <json>  collection names of your own, such as {"sessions":"voiceSessions"}
  --help            this text

Examples:
  npm run operate -- grant-admin --project my-app --email me@example.com
  npm run operate -- write-policy open --project my-app
  npm run operate -- write-prices --project my-app
  npm run operate -- kill-switch on --project my-app --reason "cost"
  npm run operate -- erase --project my-app --uid 4fXq2 --reason "asked for by mail"
  FIRESTORE_EMULATOR_HOST=127.0.0.1:8080 FIREBASE_AUTH_EMULATOR_HOST=127.0.0.1:9099 \\
    npm run operate -- grant-admin --project demo-livegate --email me@example.com`,
  },
  seed: {
    summary: 'a month of sample sessions for the dashboard, on the emulators; removable',
    module: './seed-command.ts',
    help: `npm run seed -- [options]

Makes up sessions of the days up to now on the emulators that FIRESTORE_EMULATOR_HOST and FIREBASE_AUTH_EMULATOR_HOST
name, as "npm start" does by itself: the functions' own handlers write them and their own roll-up adds them up. All of
it is marked as sample data; a sample that is there is replaced. Never in a project in the cloud.

  --project <id>        the Firebase project (default: demo-livegate, that of "npm start")
  --sessions <number>   about so many, at most 5000 (default: 600)
  --days <number>       UTC days, today's among them, at most 60 (default: 30)
  --random <text>       another text makes another sample; the same makes the same
  --remove              take the sample away: its sessions, figures, settings and accounts, and nothing else
  --help                this text

Examples:
  npm run seed -- --sessions 2000
  npm run seed -- --remove`,
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
