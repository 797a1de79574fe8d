import { useCallback, useEffect, useReducer, useRef } from 'preact/hooks';
import type { TalkChoice } from './choices.ts';
import { type Services, signInAsGuest } from './firebase.ts';
import { askForMicrophone } from './microphone.ts';
import { IS_EMULATOR } from './page-config.ts';
import { NOT_SIGNED_IN, problemOf } from './problems.ts';
import { startTalk, type Talk } from './talk.ts';
import { IDLE, nextView, type TalkView } from './talk-view.ts';

/** A conversation, for the views. */
export interface TalkControl {
  readonly view: TalkView;
  readonly start: (choice: TalkChoice) => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly say: (text: string) => void;
  readonly mute: (muted: boolean) => void;
  readonly dismiss: () => void;
  readonly readMicrophone: () => number;
  readonly readSpeaker: () => number;
}

/** Holds the one conversation of the page, from the click that starts it to the one that stops it. */
export function useTalk({ auth, ai }: Services): TalkControl {
  const [view, tell] = useReducer(nextView, IDLE);
  const talk = useRef<Talk | null>(null);
  const turn = useRef(0);

  // What an earlier conversation still tells, or still opens, is nobody's from here on.
  const release = useCallback((): Promise<void> | undefined => {
    turn.current += 1;
    const running = talk.current;
    talk.current = null;
    return running?.stop();
  }, []);

  const stop = useCallback(async () => {
    const released = release();
    tell({ kind: 'stopped' });
    await released;
  }, [release]);

  const start = useCallback(
    async (choice: TalkChoice) => {
      const released = release();
      const mine = turn.current;
      tell({ kind: 'start' });
      try {
        await released;
        if (IS_EMULATOR) await signInAsGuest(auth);
        if (auth.currentUser === null) return tell({ kind: 'failed', problem: NOT_SIGNED_IN });
        await askForMicrophone();
        if (mine !== turn.current) return;
        const started = await startTalk(ai, choice, (event) => {
          if (mine === turn.current) tell(event);
        });
        if (mine === turn.current) talk.current = started;
        else await started.stop();
      } catch (error) {
        if (mine === turn.current) tell({ kind: 'failed', problem: problemOf(error) });
      }
    },
    [ai, auth, release],
  );

  useEffect(() => () => void stop(), [stop]);

  const say = useCallback((text: string) => {
    talk.current?.say(text).catch((error: unknown) => tell({ kind: 'remark', text: problemOf(error).title }));
  }, []);
  const mute = useCallback((muted: boolean) => {
    talk.current?.mute(muted);
    tell({ kind: 'muted', muted });
  }, []);
  return {
    view,
    start,
    stop,
    say,
    mute,
    dismiss: useCallback(() => tell({ kind: 'dismiss' }), []),
    readMicrophone: useCallback(() => talk.current?.level('microphone') ?? 0, []),
    readSpeaker: useCallback(() => talk.current?.level('speaker') ?? 0, []),
  };
}
