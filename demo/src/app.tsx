import { onAuthStateChanged, signOut, type User } from 'firebase/auth';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { FIRST_CHOICE, type TalkChoice, withoutWishes } from './choices.ts';
import type { DeviceChoice } from './devices.ts';
import { type Services, signInAsGuest, signInWithGoogle } from './firebase.ts';
import { IS_EMULATOR } from './page-config.ts';
import { problemOf } from './problems.ts';
import { timeLeft } from './quota-view.ts';
import type { Problem } from './refusals.ts';
import { useDevices } from './use-devices.ts';
import { useQuota } from './use-quota.ts';
import { useTalk } from './use-talk.ts';
import { Announcer } from './views/announcer.tsx';
import { ChoiceForm } from './views/choice-form.tsx';
import { DeviceForm } from './views/device-form.tsx';
import { Facts } from './views/facts.tsx';
import { Header } from './views/header.tsx';
import { Notice } from './views/notice.tsx';
import { PicturePreview } from './views/picture-preview.tsx';
import { ProblemNotice } from './views/problem-notice.tsx';
import { Stage } from './views/stage.tsx';
import { TextForm } from './views/text-form.tsx';
import { TranscriptView } from './views/transcript-view.tsx';

/** The whole page. */
export function App({ services }: { readonly services: Services }) {
  const { auth, answers, readQuota } = services;
  const [user, setUser] = useState<User | null>(null);
  const [choice, setChoice] = useState(FIRST_CHOICE);
  const [signInProblem, setSignInProblem] = useState<Problem | null>(null);
  const talk = useTalk(services);
  const { view, start, stop, say, share, dismiss, listenTo, playThrough } = talk;
  const quota = useQuota(readQuota, user?.uid);
  // A microphone that is gone is replaced by the system's own by itself; a loudspeaker is not.
  const onGone = useCallback((left: DeviceChoice) => playThrough(left.speaker), [playThrough]);
  const { devices, chosen, choose } = useDevices(view.hasMicrophone, onGone);
  useEffect(() => onAuthStateChanged(auth, setUser), [auth]);

  const clear = () => {
    setSignInProblem(null);
    dismiss();
  };
  const signIn = async () => {
    clear();
    await (IS_EMULATOR ? signInAsGuest(auth) : signInWithGoogle(auth)).catch((error: unknown) =>
      setSignInProblem(problemOf(error)),
    );
  };
  const leave = async () => {
    await stop();
    await signOut(auth);
  };
  // Trying again is trying the same again.
  const wantedMicrophone = useRef(true);
  const begin = (microphone: boolean, wanted: TalkChoice = choice) => {
    wantedMicrophone.current = microphone;
    setChoice(wanted);
    return start({ choice: wanted, devices: chosen, microphone });
  };
  const problem = view.problem ?? signInProblem;
  const busy = view.phase === 'connecting' || view.phase === 'talking';

  // Chosen before one talks, read and typed while one does: what is needed first comes first.
  const settings = (
    <section key="settings" class="card settings" aria-label="Settings">
      <ChoiceForm choice={choice} enabled={!busy} onChoose={setChoice} />
      <DeviceForm
        devices={devices}
        chosen={chosen}
        onMicrophone={(microphone) => {
          choose({ ...chosen, microphone });
          listenTo(microphone);
        }}
        onSpeaker={(speaker) => {
          choose({ ...chosen, speaker });
          playThrough(speaker);
        }}
      />
    </section>
  );
  const conversation = (
    <section key="conversation" class="card conversation" aria-labelledby="conversation">
      <h2 id="conversation">Conversation</h2>
      {view.picture !== null && <PicturePreview picture={view.picture} onStop={() => share(null)} />}
      <TranscriptView entries={view.entries} />
      <TextForm enabled={view.phase === 'talking'} wantsFocus={!view.hasMicrophone} onSend={say} />
    </section>
  );

  return (
    <>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <Header user={user} onSignIn={signIn} onSignOut={leave} />
      <main id="main" class="page" data-busy={busy}>
        <div class="lead">
          <h1>Talk</h1>
          <p>Speak, and interrupt whenever you like. Every word goes from this page straight to the model.</p>
        </div>
        {IS_EMULATOR && <EmulatorHint answers={answers} />}
        {problem !== null && (
          <ProblemNotice
            problem={problem}
            ways={{
              'sign-in': signIn,
              again: () => begin(wantedMicrophone.current),
              'text-only': () => begin(false),
              'no-wishes': () => begin(wantedMicrophone.current, withoutWishes(choice)),
            }}
            onDismiss={clear}
          />
        )}
        {view.remark !== null && (
          <Notice tone="warn" title={view.remark} testId="remark">
            <button type="button" class="small" onClick={dismiss}>
              Dismiss
            </button>
          </Notice>
        )}
        <section key="controls" class="card controls" aria-label="Controls">
          <Stage talk={talk} onStart={begin} onMicrophone={() => listenTo(chosen.microphone)} />
          <Facts view={view} choice={choice} time={timeLeft(view.quota, quota)} readLease={talk.readLease} />
        </section>
        {busy ? [conversation, settings] : [settings, conversation]}
      </main>
      <Announcer view={view} />
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
