/**
 * A process of the bench's own that does one thing when it is asked.
 * @module
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A running process. */
export interface Child<Ask, Answer> {
  /** One at a time. Rejects where the process fails or ends. */
  ask(question: Ask): Promise<Answer>;
  /** Ends it. */
  stop(): Promise<void>;
}

/** What a process sends back. */
type Reply<Answer> = { readonly answer: Answer } | { readonly error: string };

/** Starts a script beside this one, of the bench's own. */
export function startChild<Ask extends object, Answer>(
  script: string,
  args: readonly string[] = [],
  execArgv: readonly string[] = [],
): Child<Ask, Answer> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = fork(path, [...args], {
    execArgv: [...execArgv],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        const onReply = (reply: Reply<Answer>): void => {
          child.off('exit', onExit);
          if ('error' in reply) reject(new Error(reply.error));
          else resolve(reply.answer);
        };
        const onExit = (): void => {
          child.off('message', onReply);
          reject(new Error(`${script} ended.`));
        };
        child.once('message', onReply as (reply: unknown) => void);
        child.once('exit', onExit);
        child.send(question);
      }),
    async stop() {
      if (child.connected) child.disconnect();
      await gone;
    },
  };
}

/** What such a process does: answers, and ends with its parent. */
export function answerParent<Ask, Answer>(answer: (question: Ask) => Answer | Promise<Answer>): void {
  process.on('message', (question: Ask) => {
    Promise.resolve()
      .then(() => answer(question))
      .then(
        (value) => process.send?.({ answer: value }),
        (error: unknown) => process.send?.({ error: error instanceof Error ? error.message : String(error) }),
      );
  });
  process.once('disconnect', () => process.exit(0));
}
