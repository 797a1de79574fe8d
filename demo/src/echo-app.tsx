import type { EchoStrategy } from '@livegate/web';
import { onAuthStateChanged, signOut, type User } from 'firebase/auth';
import { useEffect, useState } from 'preact/hooks';
import { reportText } from './echo-report.ts';
import { ECHO_ROUNDS } from './echo-rounds.ts';
import { type Services, signInAsGuest, signInWithGoogle } from './firebase.ts';
import { IS_EMULATOR } from './page-config.ts';
import { problemOf } from './problems.ts';
import type { Problem } from './refusals.ts';
import { type EchoChoice, useEcho } from './use-echo.ts';
import { CopyButton } from './views/copy-button.tsx';
import { EchoRoundItem } from './views/echo-round-item.tsx';
import { EchoSetup } from './views/echo-setup.tsx';
import { Header } from './views/header.tsx';
import { Notice } from './views/notice.tsx';
import { ProblemNotice } from './views/problem-notice.tsx';

const FIRST: EchoChoice = { strategy: 'plain' satisfies EchoStrategy, turns: 5, speaker: '' };

/** The checklist for real loudspeakers. */
export function EchoApp({ services }: { readonly services: Services }) {
  const { auth, answers } = services;
  const [user, setUser] = useState<User | null>(null);
  const [choice, setChoice] = useState(FIRST);
  const [note, setNote] = useState('');
  const [signInProblem, setSignInProblem] = useState<Problem | null>(null);
  const echo = useEcho(services);
  useEffect(() => onAuthStateChanged(auth, setUser), [auth]);

  const signIn = async () => {
    setSignInProblem(null);
    echo.dismiss();
    await (IS_EMULATOR ? signInAsGuest(auth) : signInWithGoogle(auth)).catch((error: unknown) =>
      setSignInProblem(problemOf(error)),
    );
  };
  const leave = async () => {
    echo.stop();
    await signOut(auth);
  };
  const problem = echo.problem ?? signInProblem;
  const report = reportText(echo.entries, { browser: navigator.userAgent, answers, note });
  return (
    <>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <Header user={user} onSignIn={signIn} onSignOut={leave} />
      <main id="main" class="page echo">
        <div class="lead">
          <h1>Echo checklist</h1>
          <p>
            Does the model hear itself over your loudspeakers? Six short rounds count it. A screen reader’s
            voice counts as sound in the room: nothing is announced between the beginning and the end of a
            round. <a href="/">Back to the talk</a>
          </p>
        </div>
        {answers === 'emulator' && (
          <Notice tone="info" testId="hint">
            The local emulator answers. It keeps its own echo out of what it hears, which Gemini does not: for
            a verdict run <code>npm start -- --live</code> with your key. What the canceller leaves is
            measured either way.
          </Notice>
        )}
        {problem !== null && (
          <ProblemNotice
            problem={problem}
            ways={{ 'sign-in': signIn }}
            onDismiss={() => {
              echo.dismiss();
              setSignInProblem(null);
            }}
          />
        )}
        <section class="card controls" aria-labelledby="setup">
          <h2 id="setup">Before you begin</h2>
          <EchoSetup
            choice={choice}
            note={note}
            speakers={echo.speakers}
            enabled={echo.running === null}
            onChoose={setChoice}
            onNote={setNote}
            onAsk={echo.askForDevices}
          />
        </section>
        <section class="card rounds" aria-labelledby="rounds">
          <h2 id="rounds">Rounds</h2>
          <p class="muted">
            Each is a talk of its own and takes about a minute; minutes are charged as for any talk. Run one
            again after a change: the report keeps every try.
          </p>
          <ol>
            {ECHO_ROUNDS.map((round) => (
              <EchoRoundItem
                key={round.id}
                round={round}
                turns={choice.turns}
                last={echo.entries.findLast((entry) => entry.round === round.id)}
                running={echo.running}
                onStart={() => echo.start(round, choice)}
                onStop={echo.stop}
              />
            ))}
          </ol>
        </section>
        <section class="card report" aria-labelledby="report">
          <div class="report-head">
            <h2 id="report">Report</h2>
            <CopyButton text={report} label="report" />
          </div>
          <p class="muted">Browser, devices and figures. Nothing that was said.</p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <pre class="mono" tabIndex={0} data-testid="report">
            {report}
          </pre>
        </section>
      </main>
    </>
  );
}
