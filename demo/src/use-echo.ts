import type { AI, EchoStrategy } from '@livegate/web';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { EchoEntry } from './echo-report.ts';
import { type EchoRound, figuresOf } from './echo-rounds.ts';
import { runRound } from './echo-talk.ts';
import { type Services, signInAsGuest } from './firebase.ts';
import { askForMicrophone } from './microphone.ts';
import { IS_EMULATOR } from './page-config.ts';
import { NOT_SIGNED_IN, problemOf } from './problems.ts';
import type { Problem } from './refusals.ts';

/** What the person chose for the next round. */
export interface EchoChoice {
  readonly strategy: EchoStrategy;
  readonly turns: number;
  /** `deviceId`; empty: the system's own. */
  readonly speaker: string;
}

/** The round that runs. */
export interface EchoRunning {
  readonly round: EchoRound['id'];
  /** From 1; 0 while it connects. */
  readonly turn: number;
  /** The room is to be quiet before the model is asked. */
  readonly isWaiting: boolean;
}

/** The checklist, for the views. */
export interface EchoControl {
  readonly entries: readonly EchoEntry[];
  readonly running: EchoRunning | null;
  readonly problem: Problem | null;
  /** Names are there once a microphone was allowed; empty where the browser leaves the choice to the system. */
  readonly speakers: readonly MediaDeviceInfo[];
  readonly start: (round: EchoRound, choice: EchoChoice) => Promise<void>;
  readonly stop: () => void;
  readonly askForDevices: () => Promise<void>;
  readonly dismiss: () => void;
}

/** Whether a page may choose a loudspeaker here. */
export const CAN_CHOOSE_SPEAKER = 'setSinkId' in AudioContext.prototype;

/** Runs one round at a time, and keeps what came of them. */
export function useEcho({ auth, ai }: { readonly auth: Services['auth']; readonly ai: AI }): EchoControl {
  const [entries, setEntries] = useState<readonly EchoEntry[]>([]);
  const [running, setRunning] = useState<EchoRunning | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [speakers, setSpeakers] = useState<readonly MediaDeviceInfo[]>([]);
  const abort = useRef<AbortController | null>(null);

  const listSpeakers = useCallback(async (): Promise<readonly MediaDeviceInfo[]> => {
    if (!CAN_CHOOSE_SPEAKER) return [];
    const devices = await navigator.mediaDevices.enumerateDevices();
    const found = devices.filter(({ kind, deviceId }) => kind === 'audiooutput' && deviceId !== '');
    setSpeakers(found);
    return found;
  }, []);

  const askForDevices = useCallback(async () => {
    setProblem(null);
    await askForMicrophone()
      .then(listSpeakers)
      .catch((error: unknown) => setProblem(problemOf(error)));
  }, [listSpeakers]);

  const stop = useCallback(() => abort.current?.abort(new DOMException('Ended.', 'AbortError')), []);

  const start = useCallback(
    async ({ id, task }: EchoRound, choice: EchoChoice) => {
      if (abort.current !== null) return;
      const mine = new AbortController();
      abort.current = mine;
      setProblem(null);
      setRunning({ round: id, turn: 0, isWaiting: false });
      try {
        if (IS_EMULATOR) await signInAsGuest(auth);
        if (auth.currentUser === null) return setProblem(NOT_SIGNED_IN);
        await askForMicrophone();
        const found = await listSpeakers();
        mine.signal.throwIfAborted();
        const silentHere = entries.findLast(
          ({ round }) => round === id.replace(/-over$/, '-silent') && task === 'speak-over',
        );
        const { turns, ...talk } = await runRound(ai, {
          ...choice,
          task,
          echoRms: silentHere?.figures.echoRms ?? 0,
          onTurn: (turn, isWaiting) => setRunning({ round: id, turn, isWaiting }),
          signal: mine.signal,
        });
        const speakerName =
          choice.speaker === ''
            ? 'the system’s own'
            : (found.find(({ deviceId }) => deviceId === choice.speaker)?.label ?? '');
        const entry: EchoEntry = {
          ...talk,
          round: id,
          at: Date.now(),
          strategy: choice.strategy,
          speakerName,
          figures: figuresOf(turns, task),
        };
        setEntries((before) => [...before, entry]);
      } catch (error) {
        if (!mine.signal.aborted) setProblem(problemOf(error));
      } finally {
        abort.current = null;
        setRunning(null);
      }
    },
    [ai, auth, entries, listSpeakers],
  );

  useEffect(() => stop, [stop]);
  const dismiss = useCallback(() => setProblem(null), []);
  return { entries, running, problem, speakers, start, stop, askForDevices, dismiss };
}
