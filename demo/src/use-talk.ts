import { useCallback, useEffect, useReducer, useRef } from 'preact/hooks';
import type { TalkChoice } from './choices.ts';
import type { DeviceChoice } from './devices.ts';
import { type Services, signInAsGuest } from './firebase.ts';
import { askForMicrophone } from './microphone.ts';
import { IS_EMULATOR } from './page-config.ts';
import type { PictureSource } from './picture.ts';
import { NOT_SIGNED_IN, problemOf } from './problems.ts';
import { startTalk, type Talk } from './talk.ts';
import { IDLE, nextView, type TalkView } from './talk-view.ts';

/** How a talk is started. */
export interface StartChoice {
  readonly choice: TalkChoice;
  readonly devices: DeviceChoice;
  /** `false`: in writing only. */
  readonly microphone: boolean;
}

/** A conversation, for the views. None of it rejects: what fails is shown. */
export interface TalkControl {
  readonly view: TalkView;
  readonly start: (how: StartChoice) => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly say: (text: string) => void;
  readonly mute: (muted: boolean) => void;
  readonly hold: (held: boolean) => void;
  readonly share: (source: PictureSource | null) => void;
  /** Also opens the microphone of a talk that began without one. */
  readonly listenTo: (microphone: string) => void;
  readonly playThrough: (speaker: string) => void;
  readonly dismiss: () => void;
  readonly readMicrophone: () => number;
  readonly readSpeaker: () => number;
  readonly readLease: () => number | undefined;
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
    async (how: StartChoice) => {
      const released = release();
      const mine = turn.current;
      tell({ kind: 'start', pushToTalk: how.choice.pushToTalk });
      try {
        await released;
        if (IS_EMULATOR) await signInAsGuest(auth);
        if (auth.currentUser === null) return tell({ kind: 'failed', problem: NOT_SIGNED_IN });
        if (how.microphone) await askForMicrophone();
        if (mine !== turn.current) return;
        const started = await startTalk(ai, {
          ...how,
          tell: (event) => {
            if (mine === turn.current) tell(event);
          },
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

  /** Does something with the talk that runs; a failure is worth a remark and ends nothing. */
  const attempt = useCallback((act: (running: Talk) => Promise<void>) => {
    if (talk.current === null) return;
    act(talk.current).catch((error: unknown) => {
      const { title, advice } = problemOf(error);
      tell({ kind: 'remark', text: `${title}. ${advice}` });
    });
  }, []);

  return {
    view,
    start,
    stop,
    say: useCallback((text: string) => attempt((running) => running.say(text)), [attempt]),
    mute: useCallback((muted: boolean) => {
      talk.current?.mute(muted);
      tell({ kind: 'muted', muted });
    }, []),
    hold: useCallback((held: boolean) => {
      if (talk.current === null) return;
      talk.current.hold(held);
      tell({ kind: 'held', held });
    }, []),
    share: useCallback(
      (source: PictureSource | null) => attempt((running) => running.share(source)),
      [attempt],
    ),
    listenTo: useCallback((id: string) => attempt((running) => running.listenTo(id)), [attempt]),
    playThrough: useCallback((id: string) => attempt((running) => running.playThrough(id)), [attempt]),
    dismiss: useCallback(() => tell({ kind: 'dismiss' }), []),
    readMicrophone: useCallback(() => talk.current?.level('microphone') ?? 0, []),
    readSpeaker: useCallback(() => talk.current?.level('speaker') ?? 0, []),
    readLease: useCallback(() => talk.current?.leaseLeftMs(), []),
  };
}
