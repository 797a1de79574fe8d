/**
 * `npm start`: the emulators, the seeded demo at one URL, the dashboard at another, until Ctrl-C.
 * @module
 */
import { parseArgs } from 'node:util';
import type { Bookkeeper } from './bookkeeper.ts';
import { build } from './build.ts';
import { demoAnswer } from './demo-answer.ts';
import { onInterrupt } from './interrupt.ts';
import { step } from './progress.mjs';
import { seed } from './seed.ts';
import { SEEDED_ADMIN, SEEDED_VIEWER } from './seed-documents.ts';
import { type RunningStack, type StackOptions, startRealStack, startStack } from './stack.ts';

/** What `npm start` was asked for. */
export interface StartChoice {
  /** The key of the real service; absent: the Live emulator answers. */
  readonly geminiApiKey?: string;
  readonly demoPort?: number;
  readonly strictPorts: boolean;
  readonly seeded: boolean;
  /** A month of made-up sessions. */
  readonly sampled: boolean;
}

/** Runs until it is ended. Resolves with 0 after Ctrl-C, with 1 where the emulators ended by themselves. */
export async function run(args: readonly string[]): Promise<number> {
  const choice = readStartChoice(args, process.env);
  const giveUp = new AbortController();
  let stack: RunningStack | undefined;
  let bookkeeper: Bookkeeper | undefined;
  const interrupt = onInterrupt({
    first() {
      console.log('\nEnding the emulators … (Ctrl-C again: at once)');
      giveUp.abort(new Error('Ended while starting.'));
    },
    second: () => void (stack === undefined ? process.exit(1) : stack.kill()),
  });
  try {
    await build(['functions', 'emulator-pages']);
    giveUp.signal.throwIfAborted();
    stack = await step('Starting the emulators', () => start(choice, giveUp.signal));
    const running = stack;
    if (choice.seeded) await step('Seeding', () => seed(running));
    giveUp.signal.throwIfAborted();
    if (choice.sampled) await step('Making up a month of sessions', () => sampleInto(running));
    giveUp.signal.throwIfAborted();
    bookkeeper = await keepBooksOf(running);
    console.log(welcome(stack, choice));
    const death = await Promise.race([stack.died, interrupt.requested]);
    if (death !== undefined) console.error(death);
    return death === undefined ? 0 : 1;
  } catch (error) {
    if (!giveUp.signal.aborted) throw error;
    return 0;
  } finally {
    await bookkeeper?.stop();
    await stack?.stop();
    interrupt.forget();
  }
}

/**
 * Reads the options. Throws, in a sentence for the person at the keyboard, on one that is unknown, a port that is
 * none, and `--live` without a key.
 */
export function readStartChoice(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): StartChoice {
  const { values } = parseArgs({
    args: [...args],
    options: {
      live: { type: 'boolean', default: false },
      port: { type: 'string' },
      'strict-ports': { type: 'boolean', default: false },
      'no-seed': { type: 'boolean', default: false },
      'no-sample': { type: 'boolean', default: false },
    },
  });
  const demoPort = values.port === undefined ? undefined : Number(values.port);
  if (demoPort !== undefined && !(Number.isInteger(demoPort) && demoPort > 0 && demoPort < 65_536))
    throw new Error(`--port takes a number from 1 to 65535, not "${values.port}".`);
  const key = env.GEMINI_API_KEY ?? '';
  if (values.live && key === '')
    throw new Error(
      '--live needs an API key of the Gemini API in GEMINI_API_KEY. Get one at https://aistudio.google.com, or run "npm start" without --live: the emulator needs none.',
    );
  return {
    strictPorts: values['strict-ports'],
    seeded: !values['no-seed'],
    sampled: !values['no-seed'] && !values['no-sample'],
    ...(demoPort === undefined ? {} : { demoPort }),
    ...(values.live ? { geminiApiKey: key } : {}),
  };
}

async function start(choice: StartChoice, signal: AbortSignal): Promise<RunningStack> {
  const options: StackOptions = {
    ports: 'usual',
    strictPorts: choice.strictPorts,
    say: (text) => console.log(`  ${text}`),
    onLine: showTrouble,
    signal,
    ...(choice.demoPort === undefined ? {} : { demoPort: choice.demoPort }),
  };
  if (choice.geminiApiKey !== undefined)
    return startRealStack({ ...options, geminiApiKey: choice.geminiApiKey });
  return startStack({ ...options, live: { answer: await demoAnswer(), echoGuard: true } });
}

// Loaded late: the functions' source, which only these two need, would hold up the start.
async function sampleInto(stack: RunningStack): Promise<void> {
  const { seedSample } = await import('./seed-sample.ts');
  await seedSample(stack);
}

async function keepBooksOf(stack: RunningStack): Promise<Bookkeeper> {
  const { startBookkeeper } = await import('./bookkeeper.ts');
  return startBookkeeper(stack);
}

/** The functions' own warnings and errors; everything else they say is in the log file. */
function showTrouble(line: string): void {
  if (/^>.*"severity":"(WARNING|ERROR|CRITICAL)"/.test(line)) console.log(line);
}

function welcome(stack: RunningStack, { geminiApiKey, seeded, sampled }: StartChoice): string {
  const answers =
    geminiApiKey === undefined
      ? 'The Live emulator answers: no Google account, no key, nothing leaves this machine.'
      : 'The real Gemini Live API answers, on your key: what it costs is yours.';
  const [admin, viewer] = [SEEDED_ADMIN, SEEDED_VIEWER];
  const operators = `Operators of the dashboard: ${admin.email}, password ${admin.password}, and ${viewer.email}, password
${viewer.password}, who may look and not act.
`;
  const sample =
    'The month of sessions that it shows is made up; `npm run seed -- --remove` takes it away.\n';
  return `
Livegate runs, on ${stack.firestoreName} for Firestore. ${answers}
Put on headphones: a microphone that hears the model's voice over loudspeakers may answer it.
What the emulators print is in ${stack.logFile}. Ctrl-C ends everything.
${seeded ? operators : ''}${sampled ? sample : ''}
For scripts and \`npm run operate\`, project ${stack.projectId}, functions at ${stack.functionsUrl}:
  export FIRESTORE_EMULATOR_HOST=${stack.hosts.firestore} FIREBASE_AUTH_EMULATOR_HOST=${stack.hosts.auth}

  Demo        ${stack.demoUrl}
  Dashboard   ${stack.dashboardUrl}
`;
}
