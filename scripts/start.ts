/**
 * `npm start`: the emulators, the seeded demo at one URL, the dashboard at another, until Ctrl-C.
 * @module
 */
import { parseArgs } from 'node:util';
import { build } from './build.ts';
import { demoAnswer } from './demo-answer.ts';
import { onInterrupt } from './interrupt.ts';
import { step } from './progress.mjs';
import { seed } from './seed.ts';
import { SEEDED_ADMIN } from './seed-documents.ts';
import { type RunningStack, type StackOptions, startRealStack, startStack } from './stack.ts';

/** What `npm start` was asked for. */
export interface StartChoice {
  /** The key of the real service; absent: the Live emulator answers. */
  readonly geminiApiKey?: string;
  readonly demoPort?: number;
  readonly strictPorts: boolean;
  readonly seeded: boolean;
}

/** Runs until it is ended. Resolves with 0 after Ctrl-C, with 1 where the emulators ended by themselves. */
export async function run(args: readonly string[]): Promise<number> {
  const choice = readStartChoice(args, process.env);
  const giveUp = new AbortController();
  let stack: RunningStack | undefined;
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
    if (choice.seeded) await step('Seeding', () => seed(stack as RunningStack));
    giveUp.signal.throwIfAborted();
    console.log(welcome(stack, choice));
    const death = await Promise.race([stack.died, interrupt.requested]);
    if (death !== undefined) console.error(death);
    return death === undefined ? 0 : 1;
  } catch (error) {
    if (!giveUp.signal.aborted) throw error;
    return 0;
  } finally {
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

/** The functions' own warnings and errors; everything else they say is in the log file. */
function showTrouble(line: string): void {
  if (/^>.*"severity":"(WARNING|ERROR|CRITICAL)"/.test(line)) console.log(line);
}

function welcome(stack: RunningStack, { geminiApiKey, seeded }: StartChoice): string {
  const answers =
    geminiApiKey === undefined
      ? 'The Live emulator answers: no Google account, no key, nothing leaves this machine.'
      : 'The real Gemini Live API answers, on your key: what it costs is yours.';
  const operator = seeded ? `   ${SEEDED_ADMIN.email}, password ${SEEDED_ADMIN.password}` : '';
  return `
Livegate runs, on ${stack.firestoreName} for Firestore. ${answers}
Put on headphones: a microphone that hears the model's voice over loudspeakers may answer it.
What the emulators print is in ${stack.logFile}. Ctrl-C ends everything.

For scripts and \`npm run operate\`, project ${stack.projectId}, functions at ${stack.functionsUrl}:
  export FIRESTORE_EMULATOR_HOST=${stack.hosts.firestore} FIREBASE_AUTH_EMULATOR_HOST=${stack.hosts.auth}

  Demo        ${stack.demoUrl}
  Dashboard   ${stack.dashboardUrl}${operator}
`;
}
