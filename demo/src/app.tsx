import { onAuthStateChanged, signOut, type User } from 'firebase/auth';
import { useEffect, useState } from 'preact/hooks';
import { FIRST_CHOICE } from './choices.ts';
import { type Services, signInAsGuest, signInWithGoogle } from './firebase.ts';
import { IS_EMULATOR } from './page-config.ts';
import { type Problem, problemOf } from './problems.ts';
import { useTalk } from './use-talk.ts';
import { ChoiceForm } from './views/choice-form.tsx';
import { Header } from './views/header.tsx';
import { Notice } from './views/notice.tsx';
import { ProblemNotice } from './views/problem-notice.tsx';
import { Stage } from './views/stage.tsx';
import { TextForm } from './views/text-form.tsx';
import { TranscriptView } from './views/transcript-view.tsx';

/** The whole page. */
export function App({ services }: { readonly services: Services }) {
  const { auth, answers } = services;
  const [user, setUser] = useState<User | null>(null);
  const [choice, setChoice] = useState(FIRST_CHOICE);
  const [signInProblem, setSignInProblem] = useState<Problem | null>(null);
  const { view, start, stop, say, mute, dismiss, readMicrophone, readSpeaker } = useTalk(services);
  useEffect(() => onAuthStateChanged(auth, setUser), [auth]);

  const signIn = async () => {
    setSignInProblem(null);
    dismiss();
    await (IS_EMULATOR ? signInAsGuest(auth) : signInWithGoogle(auth)).catch((error: unknown) =>
      setSignInProblem(problemOf(error)),
    );
  };
  const leave = async () => {
    await stop();
    await signOut(auth);
  };
  const problem = view.problem ?? signInProblem;
  const busy = view.phase === 'connecting' || view.phase === 'talking';

  return (
    <>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <Header user={user} onSignIn={signIn} onSignOut={leave} />
      <main id="main" class="page">
        <div class="lead">
          <h1>Talk</h1>
          <p>Speak, and interrupt whenever you like. Every word goes from this page straight to the model.</p>
        </div>
        {IS_EMULATOR && <EmulatorHint answers={answers} />}
        {problem !== null && (
          <ProblemNotice
            problem={problem}
            onSignIn={signIn}
            onDismiss={() => {
              dismiss();
              setSignInProblem(null);
            }}
          />
        )}
        {view.remark !== null && <Notice tone="warn" title={view.remark} testId="remark" />}
        <section class="card controls" aria-label="Controls">
          <Stage
            view={view}
            onStart={() => start(choice)}
            onStop={stop}
            onMute={mute}
            readMicrophone={readMicrophone}
            readSpeaker={readSpeaker}
          />
          <ChoiceForm choice={choice} enabled={!busy} onChoose={setChoice} />
        </section>
        <section class="card conversation" aria-labelledby="conversation">
          <h2 id="conversation">Conversation</h2>
          <TranscriptView turns={view.turns} />
          <TextForm enabled={view.phase === 'talking'} onSend={say} />
        </section>
      </main>
    </>
  );
}

function EmulatorHint({ answers }: { readonly answers: Services['answers'] }) {
  return (
    <Notice tone="info" testId="hint">
      {answers === 'emulator'
        ? 'The local emulator answers: no account, no key, no cost. '
        : 'Gemini answers, on tokens that the local functions mint with your key: what you use is billed to it. '}
      Headphones help: a microphone may take a loudspeaker’s voice for yours;{' '}
      <a href="/echo.html">the echo checklist</a> counts how often.
    </Notice>
  );
}
