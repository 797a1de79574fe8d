/**
 * Vitest's global set-up of the projects that need the emulators: one seeded stack for all files of a run.
 * @module
 */
import { type Answer, type AnswerHandler, echoAnswer, type HandleScope } from '@livegate/emulator';
import type { TestProject } from 'vitest/node';
import { build } from '../../scripts/build.ts';
import { demoAnswer } from '../../scripts/demo-answer.ts';
import { seed } from '../../scripts/seed.ts';
import { SEEDED_TEMPLATES } from '../../scripts/seed-documents.ts';
import { type Stack, startStack } from '../../scripts/stack.ts';
import { type LiveControl, serveLiveControl } from './live-control.ts';
import type { StackAddresses } from './stack.ts';

/** A stack, and the server by which tests in other processes hold its Live emulator. */
export interface Shared {
  readonly stack: Stack;
  readonly control: LiveControl;
}

/** Two projects in one run each set up; they share. The pages are served where the browser's is among them. */
const held = globalThis as { livegateShared?: Promise<Shared> | undefined; livegateUsers?: number };

/** Starts the stack, or takes the one of the other project, or the one that `LIVEGATE_STACK` tells of. */
export async function setup(project: TestProject): Promise<void> {
  const running = process.env.LIVEGATE_STACK;
  if (running) {
    project.provide('stack', JSON.parse(running) as StackAddresses);
    return;
  }
  held.livegateUsers = (held.livegateUsers ?? 0) + 1;
  held.livegateShared ??= startShared({
    hosting: project.vitest.projects.some(({ name }) => name === 'browser'),
  });
  project.provide('stack', addressesOf(await held.livegateShared));
}

/** Ends it when the last project is done. */
export async function teardown(): Promise<void> {
  if (process.env.LIVEGATE_STACK) return;
  held.livegateUsers = (held.livegateUsers ?? 1) - 1;
  if (held.livegateUsers > 0) return;
  const shared = await held.livegateShared?.catch(() => undefined);
  held.livegateShared = undefined;
  await shared?.control.close();
  await shared?.stack.stop();
}

/** What another process needs of it. */
export function addressesOf({ stack, control }: Shared): StackAddresses {
  const { projectId, hosts, demoUrl, dashboardUrl, functionsUrl, firestoreName, logFile } = stack;
  return {
    projectId,
    hosts,
    demoUrl,
    dashboardUrl,
    functionsUrl,
    firestoreName,
    logFile,
    controlUrl: control.url,
  };
}

/** Starts and seeds a stack. Whoever starts it stops both parts. */
export async function startShared({
  hosting,
  functions = true,
}: {
  readonly hosting: boolean;
  /** Whether the deployed functions run; handlers that a test calls itself need none. */
  readonly functions?: boolean;
}): Promise<Shared> {
  // `npm test` has built before; a run of one file has not.
  if (functions && process.env.LIVEGATE_BUILT !== '1')
    await build(hosting ? ['functions', 'emulator-pages'] : ['functions']);
  const answers: { fixed: Answer | undefined } = { fixed: undefined };
  const answersWhere = new Map<string | undefined, Answer>();
  const handles: { scope: HandleScope } = { scope: 'project' };
  const usual = await usualAnswer();
  const stack = await startStack({
    hosting,
    functions,
    live: {
      answer: (turn, context) =>
        answersWhere.get(context.setup.systemInstruction?.parts?.[0]?.text) ??
        answers.fixed ??
        usual(turn, context),
      captureAudio: true,
      // The apps of these tests leave `behavior` out and tell one order of events.
      defaultBehavior: 'blocking',
      handleScope: () => handles.scope,
    },
  });
  console.log(`The emulators run, with ${stack.firestoreName} for Firestore.`);
  await seed(stack);
  const { live } = stack;
  const control = await serveLiveControl({
    sessions: () => live.sessions(),
    journal: (sessionId) => live.journal(sessionId),
    receivedAudio: (sessionId) => live.receivedAudio(sessionId),
    goAway: (sessionId, timeLeftMs) => live.goAway(sessionId, timeLeftMs),
    drop: (sessionId, code, reason) => live.drop(sessionId, code, reason),
    answerWith(answer) {
      answers.fixed = answer;
    },
    answerWhere(instruction, answer) {
      answersWhere.set(instruction, answer);
    },
    handlesWorkFor(scope) {
      handles.scope = scope;
    },
  });
  return { stack, control };
}

/** The demo's answer for sessions of `demo-spoken`; echo for all others. */
async function usualAnswer(): Promise<AnswerHandler> {
  const demo = await demoAnswer();
  const [{ text }] = SEEDED_TEMPLATES['demo-spoken'].setup.systemInstruction.parts;
  return (turn, context) =>
    context.setup.systemInstruction?.parts?.some((part) => part.text === text)
      ? demo(turn, context)
      : echoAnswer(turn);
}
