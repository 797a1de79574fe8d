/**
 * Sessions for tests of what operators see of them: one that a page has, one that nobody connects to, and their books.
 * @module
 */
import { randomUUID } from 'node:crypto';
import type { Firestore } from '@google-cloud/firestore';
import type { LiveSessionView } from '@livegate/emulator';
import type { LivePolicyDocument, LiveSessionDocument, MintAnswer } from '@livegate/protocol';
import { deleteApp, initializeApp } from 'firebase-admin/app';
import { getFirestore } from 'firebase-admin/firestore';
import type { Browser, Page } from 'playwright-core';
import { sweepLiveSessions } from '../../../functions/src/sweep.ts';
import { SEEDED_POLICY } from '../../../scripts/seed-documents.ts';
import { booksOn } from '../../functions/support/books.ts';
import { callFunction, signInAsNewUser } from '../../support/clients.ts';
import { useStack } from '../../support/stack.ts';
import { HOSTILE_TEXTS } from './dashboard-page.ts';
import { openTalkingPage } from './talking-server.ts';

/** Text that would be more than text on a careless page. */
export const MARKUP_TEXTS = [
  ...HOSTILE_TEXTS,
  '<svg/onload=window.hostile=1>',
  '<iframe srcdoc="<script>parent.hostile=1</script>"></iframe>',
  '</title></style></textarea><script>window.hostile=1</script>',
  '<a href="javascript:window.hostile=1">go</a>',
  '<details open ontoggle=window.hostile=1>',
  '<math><mtext><img src=x onerror=window.hostile=1></mtext></math>',
  '&lt;script&gt;window.hostile=1&lt;/script&gt;',
  '%3Cscript%3Ewindow.hostile=1%3C/script%3E',
  '<style>@import url(https://example.com/hostile.css);</style>',
  '<meta http-equiv="refresh" content="0;url=https://example.com/">',
  '`;window.hostile=1;`',
  '__proto__',
  'constructor',
  'first line\nsecond line\u2028third',
] as const;

/** Closes the books of all that is dead at `now`, as the functions do it. Rejects where some could not be closed. */
export async function closeBooks(now: number): Promise<void> {
  const { projectId, hosts } = useStack();
  process.env.METADATA_SERVER_DETECTION = 'none';
  process.env.FIRESTORE_EMULATOR_HOST = hosts.firestore;
  const app = initializeApp({ projectId }, randomUUID());
  const { dependencies, lines } = booksOn(getFirestore(app));
  await sweepLiveSessions(dependencies, now).finally(() => deleteApp(app));
  const failed = lines.filter(({ event }) => event === 'unexpected');
  if (failed.length > 0) throw new Error(`Books stayed open: ${JSON.stringify(failed)}`);
}

/** A session's document, once it is as wanted. */
export function sessionThat(
  firestore: Firestore,
  sessionId: string,
  isSo: (document: LiveSessionDocument) => boolean,
): Promise<LiveSessionDocument> {
  return new Promise((resolve, reject) => {
    const stop = firestore.doc(`liveSessions/${sessionId}`).onSnapshot((snapshot) => {
      const document = snapshot.data() as LiveSessionDocument;
      if (!isSo(document)) return;
      stop();
      resolve(document);
    }, reject);
  });
}

/** So many connections have said their last. */
export const haveEnded =
  (count: number) =>
  (document: LiveSessionDocument): boolean =>
    Object.values(document.connections).filter(({ final }) => final).length === count;

/** A page with a session, and what the emulator knows of it. */
export interface TalkingSession {
  readonly page: Page;
  readonly sessionId: string;
  /** Of its model, and of no other's. Its policy has the same name. */
  readonly instruction: string;
  /** The connection that is open. */
  connection(): Promise<LiveSessionView>;
  /** Resolves when the page has had so many turns, or come back so often. */
  told(wanted: 'turns' | 'resumed', atLeast: number): Promise<unknown>;
  isMine(view: LiveSessionView): boolean;
}

/** Opens a page of a new user that connects, under a policy of its own. `url` is a `TalkingServer`'s. */
export async function talkingSession(
  firestore: Firestore,
  {
    browser,
    url,
    policy,
    tools = [],
  }: {
    readonly browser: Browser;
    readonly url: string;
    readonly policy: Partial<LivePolicyDocument>;
    readonly tools?: readonly string[];
  },
): Promise<TalkingSession> {
  const instruction = `session-${randomUUID()}`;
  await firestore.doc(`livePolicies/${instruction}`).set({ ...SEEDED_POLICY, ...policy });
  const { projectId, hosts, live } = useStack();
  const user = await signInAsNewUser({ livegatePolicy: instruction });
  const page = await openTalkingPage(await browser.newContext({ permissions: ['microphone'] }), url);
  const sessionId = await page.evaluate((given) => window.livegateTalk.connect(given), {
    projectId,
    hosts,
    user,
    instruction,
    tools,
  });
  if (sessionId === undefined) throw new Error('The page got no session.');
  const isMine = ({ setup }: LiveSessionView) => setup?.systemInstruction?.parts?.[0]?.text === instruction;
  const connection = () => live.waitFor((all) => all.find((each) => isMine(each) && each.connected));
  const told = (wanted: 'turns' | 'resumed', atLeast: number) =>
    page.waitForFunction(
      ([key, least]) => {
        const found = window.livegateTalk.told()[key];
        return (typeof found === 'number' ? found : found.length) >= least;
      },
      [wanted, atLeast] as const,
      { timeout: 20_000 },
    );
  return { page, sessionId, instruction, connection, told, isMine };
}

/** A session of a new user that nobody connects to. */
export async function mintedSession(
  policyId: string,
): Promise<Pick<MintAnswer, 'sessionId' | 'connectionId' | 'serverTime'> & { readonly idToken: string }> {
  const { idToken } = await signInAsNewUser({ livegatePolicy: policyId });
  const { result, error } = await callFunction<Pick<MintAnswer, 'sessionId' | 'connectionId' | 'serverTime'>>(
    'mintLiveToken',
    {
      data: { v: 1, op: 'start', requestId: randomUUID(), model: 'gemini-3.8-live' },
      idToken,
    },
  );
  if (!result) throw new Error(error?.message);
  return { ...result, idToken };
}
