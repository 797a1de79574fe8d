/**
 * What a page can do with its conversation beyond ending it. Who starts one by firebase/ai's way gets none of it.
 * @module
 */
import { ofSession } from './audio-errors.ts';
import type { AudioGraph } from './audio-graph.ts';
import type { AudioHost } from './audio-host.ts';
import type { AudioConversation } from './conversation-options.ts';
import { type ConversationRunner, type ConversationSession, MS_PER_SAMPLE } from './conversation-runner.ts';
import { AIError } from './errors.ts';
import type { Loudspeaker } from './loudspeaker.ts';

/** What holds a conversation up: a page that asks for it, or one that is out of sight. */
export type HeldFor = 'page' | 'sight';

/** Holds both sides, or goes on with them. */
export class ConversationHold {
  readonly #runner: ConversationRunner;
  readonly #loudspeaker: Loudspeaker;
  readonly #heldFor = new Set<HeldFor>();

  constructor(runner: ConversationRunner, loudspeaker: Loudspeaker) {
    this.#runner = runner;
    this.#loudspeaker = loudspeaker;
  }

  get isPaused(): boolean {
    return this.#heldFor.size > 0;
  }

  /** Holds it, or takes back that it was held for this. */
  hold(why: HeldFor, isHeld: boolean): void {
    const runner = this.#runner;
    if (runner.isEnding) return;
    const before = this.isPaused;
    if (isHeld) this.#heldFor.add(why);
    else this.#heldFor.delete(why);
    const { isPaused } = this;
    if (before === isPaused) return;
    runner.change(() => runner.line.close('pause', isPaused));
    this.#loudspeaker.pause(isPaused);
    runner.events.emit('paused', { isPaused });
  }
}

/** The handle of a conversation that runs. */
export function handleOf(
  runner: ConversationRunner,
  parts: {
    readonly session: ConversationSession;
    readonly sound: AudioGraph;
    readonly host: AudioHost;
    readonly loudspeaker: Loudspeaker;
    readonly hold: ConversationHold;
    readonly isPushToTalk: boolean;
  },
): AudioConversation {
  const { session, sound, host, loudspeaker, hold, isPushToTalk } = parts;
  const { line } = runner;
  const rethrow = (error: unknown): never => {
    throw ofSession(error, session);
  };
  const press = (isPressed: boolean): void =>
    runner.change(() => {
      if (!isPushToTalk)
        rethrow(
          new AIError('request-error', 'This conversation listens all the time: start it with pushToTalk.'),
        );
      line.close('button', !isPressed);
    });
  const tellQuality = (): void => {
    const { report, interruptions } = runner;
    runner.events.emit('quality', { gaps: report?.gaps ?? 0, gapMs: report?.gapMs ?? 0, interruptions });
  };
  runner.events.on('gap', tellQuality);
  runner.events.on('interrupted', tellQuality);
  return {
    stop: () => runner.stop(),
    done: runner.done,
    get isMuted() {
      return line.isClosedFor('mute');
    },
    get isPaused() {
      return hold.isPaused;
    },
    get isPressed() {
      return isPushToTalk && !line.isClosedFor('button');
    },
    get figures() {
      const { report, interruptions } = runner;
      return {
        playedMs: (report?.playedSamples ?? 0) * MS_PER_SAMPLE,
        queuedMs: (report?.queuedSamples ?? 0) * MS_PER_SAMPLE,
        gaps: report?.gaps ?? 0,
        gapMs: report?.gapMs ?? 0,
        interruptions,
      };
    },
    get microphoneSettings() {
      return sound.microphoneSettings;
    },
    mute: (isMuted) => runner.change(() => line.close('mute', isMuted)),
    press: () => press(true),
    release: () => press(false),
    pause: (isPaused) => hold.hold('page', isPaused),
    setVolume(volume) {
      if (!(volume >= 0 && volume <= 1))
        rethrow(new AIError('request-error', 'A volume is a number from 0 to 1.'));
      loudspeaker.setVolume(volume);
    },
    listDevices: () => host.listDevices(),
    chooseMicrophone: (microphone) => {
      const own = typeof microphone === 'string' ? { deviceId: { exact: microphone } } : microphone;
      return sound
        .devices()
        .then((devices) => devices.chooseMicrophone(own))
        .catch(rethrow);
    },
    chooseSpeaker: (deviceId) =>
      sound
        .devices()
        .then((devices) => devices.chooseSpeaker(deviceId))
        .catch(rethrow),
    on: (type, listener) => runner.events.on(type, listener),
  };
}
