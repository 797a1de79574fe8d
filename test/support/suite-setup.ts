/**
 * Vitest's global set-up of the projects that need the emulators: one seeded stack for all files of a run.
 * @module
 */
import { type AnswerHandler, echoAnswer } from '@livegate/emulator';
import type { TestProject } from 'vitest/node';
import { build } from '../../scripts/build.ts';
import { demoAnswer } from '../../scripts/demo-answer.ts';
import { seed } from '../../scripts/seed.ts';
import { SEEDED_TEMPLATES } from '../../scripts/seed-documents.ts';
import { type Stack, startStack } from '../../scripts/stack.ts';
import type { StackAddresses } from './stack.ts';

/** Two projects in one run each set up; they share. The pages are served where the browser's is among them. */
const held = globalThis as { livegateShared?: Promise<Stack> | undefined; livegateUsers?: number };

/** Starts the stack, or takes the one of the other project, or the one that `LIVEGATE_STACK` tells of. */
export async function setup(project: TestProject): Promise<void> {
  const running = process.env.LIVEGATE_STACK;
  if (running) {
    project.provide('stack', JSON.parse(running) as StackAddresses);
    return;
  }
  held.livegateUsers = (held.livegateUsers ?? 0) + 1;
  held.livegateShared ??= startShared({
    hosting: project.vitest.projects.some(({ name }) => name === 'browser' || name === 'pages'),
  });
  project.provide('stack', addressesOf(await held.livegateShared));
}

/** Ends it when the last project is done. */
export async function teardown(): Promise<void> {
  if (process.env.LIVEGATE_STACK) return;
  held.livegateUsers = (held.livegateUsers ?? 1) - 1;
  if (held.livegateUsers > 0) return;
  const stack = await held.livegateShared?.catch(() => undefined);
  held.livegateShared = undefined;
  await stack?.stop();
}

/** What another process needs of it. */
export function addressesOf(stack: Stack): StackAddresses {
  const { projectId, hosts, demoUrl, dashboardUrl, functionsUrl, firestoreName, logFile, live } = stack;
  return {
    projectId,
    hosts,
    demoUrl,
    dashboardUrl,
    functionsUrl,
    firestoreName,
    logFile,
    control: { url: live.url, controlToken: live.controlToken },
  };
}

/** Starts and seeds a stack. Whoever starts it stops it. */
export async function startShared({
  hosting,
  functions = true,
}: {
  readonly hosting: boolean;
  /** Whether the deployed functions run; handlers that a test calls itself need none. */
  readonly functions?: boolean;
}): Promise<Stack> {
  // `npm test` has built before; a run of one file has not.
  if (functions && process.env.LIVEGATE_BUILT !== '1')
    await build(hosting ? ['functions', 'emulator-pages'] : ['functions']);
  const stack = await startStack({
    hosting,
    functions,
    live: {
      answer: await usualAnswer(),
      captureAudio: true,
      // The apps of these tests leave `behavior` out and tell one order of events.
      defaultBehavior: 'blocking',
    },
  });
  console.log(`The emulators run, with ${stack.firestoreName} for Firestore.`);
  await seed(stack);
  return stack;
}

/** The demo's answer for sessions of `demo-spoken` and `demo-tools`; echo for all others. */
async function usualAnswer(): Promise<AnswerHandler> {
  const demo = await demoAnswer();
  const texts: readonly (string | undefined)[] = (['demo-spoken', 'demo-tools'] as const).map(
    (id) => SEEDED_TEMPLATES[id].setup.systemInstruction.parts[0].text,
  );
  return (turn, context) =>
    context.setup.systemInstruction?.parts?.some((part) => texts.includes(part.text))
      ? demo(turn, context)
      : echoAnswer(turn);
}
