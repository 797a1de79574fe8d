/**
 * The Livegate part of this page: everything that a conversation with a Live model takes, and nothing else.
 * The names are firebase/ai's; a page that used that before changes the import.
 * @module
 */
import {
  type AI,
  getLiveGenerativeModel,
  type LiveGenerativeModel,
  type LiveSession,
  openAudioConversation,
  ResponseModality,
} from '@livegate/web';
import type { TalkChoice } from './choices.ts';
import type { DeviceChoice } from './devices.ts';
import { levelOf } from './level.ts';
import { PictureShare, type PictureSource } from './picture.ts';
import { problemOf } from './problems.ts';
import { followConversation, followSession, readAlong } from './talk-events.ts';
import type { TalkEvent } from './talk-view.ts';
import { TOOLS } from './tools.ts';

/** What a talk begins with. */
export interface TalkStart {
  readonly choice: TalkChoice;
  readonly devices: DeviceChoice;
  /** `false`: no microphone, and no question about one; the talk is in writing. */
  readonly microphone: boolean;
  readonly tell: (event: TalkEvent) => void;
}

/** A conversation that goes on. Made by {@link startTalk}, over after `stop()`, which never rejects. */
export interface Talk {
  /** Says something in writing. */
  readonly say: (text: string) => Promise<void>;
  readonly mute: (muted: boolean) => void;
  /** Push-to-talk: the button is held, or no longer. */
  readonly hold: (held: boolean) => void;
  /** Listens to this microphone, plays through this loudspeaker; an empty id is the system's own. */
  readonly listenTo: (microphone: string) => Promise<void>;
  readonly playThrough: (speaker: string) => Promise<void>;
  /** Lets the model see, or no longer (`null`). */
  readonly share: (source: PictureSource | null) => Promise<void>;
  /** How loud each side is now, 0 to 1, as a meter shows it. */
  readonly level: (side: 'microphone' | 'speaker') => number;
  /** What is left of the running lease, in ms; it is renewed by itself. */
  readonly leaseLeftMs: () => number | undefined;
  readonly stop: () => Promise<void>;
}

/**
 * Starts a conversation and tells what happens in it. Rejects with an `AIError` (see `problems.ts` for what its
 * reasons mean) or with the browser's `DOMException` about the microphone; nothing is left open then. Call it
 * from a click: browsers play no sound otherwise.
 */
export async function startTalk(ai: AI, { choice, devices, microphone, tell }: TalkStart): Promise<Talk> {
  // 1. What to talk to.
  const model = modelOf(ai, choice);

  // 2. Connect. The callable `mintLiveToken` checks the user's policy and minutes and gives a token that lives
  //    for minutes; the socket then goes from here straight to Gemini. Renewals come by themselves.
  const session = await model.connect();
  tell({ kind: 'connected', sessionId: session.sessionId ?? null });
  if (session.quotaLeft) tell({ kind: 'quota', quota: session.quotaLeft });
  followSession(session, tell);

  // 3. Read along. The conversation of step 4 reads the same messages for itself.
  readAlong(session, tell).catch((error: unknown) =>
    tell({ kind: 'remark', text: `The transcript has stopped: ${problemOf(error).title}.` }),
  );

  // 4. Microphone in, loudspeaker out, and the tools beside them. It stops by itself when the session ends.
  const conversation = await openAudioConversation(session, {
    microphone: microphone && constraintsOf(devices.microphone),
    ...(devices.speaker !== '' && { speaker: devices.speaker }),
    pushToTalk: choice.pushToTalk,
    tools: TOOLS,
    onEnded: (end) => {
      if (end.reason !== 'failed') return;
      tell({ kind: 'failed', problem: problemOf(end.error) });
      void session.close();
    },
  }).catch(async (error: unknown) => {
    await session.close();
    throw error;
  });
  tell({ kind: 'microphone', isOpen: microphone });
  tell({ kind: 'talking' });
  const levels = { microphone: 0, speaker: 0 };
  conversation.on('level', ({ side, rms }) => {
    levels[side] = levelOf(rms);
  });
  followConversation(conversation, tell);

  // 5. Camera or screen, when the user wants it.
  const picture = new PictureShare(session, tell);

  return {
    say: async (text) => {
      tell({ kind: 'typed', text });
      await session.send(text);
    },
    mute: (muted) => conversation.mute(muted),
    hold: (held) => (held ? conversation.press() : conversation.release()),
    listenTo: async (id) => void (await conversation.chooseMicrophone(constraintsOf(id))),
    playThrough: (id) => conversation.chooseSpeaker(id),
    share: (source) => (source === null ? picture.stop() : picture.show(source)),
    level: (side) => levels[side],
    leaseLeftMs: () => leaseLeftOf(session),
    stop: async () => {
      await picture.stop();
      // A conversation that had failed has told so already.
      await conversation.stop().catch(() => {});
      await session.close();
    },
  };
}

/**
 * The template's instruction and tools stay on the server, and so does what the page does not wish for: the policy
 * says which wishes it grants, and everything else about the session is locked into the token. A page without a
 * template wishes for transcripts as well: `inputAudioTranscription: {}, outputAudioTranscription: {}`.
 */
function modelOf(
  ai: AI,
  { template, model, voice, language, modality, pushToTalk }: TalkChoice,
): LiveGenerativeModel {
  const speech = {
    ...(voice !== '' && { voiceConfig: { prebuiltVoiceConfig: { voiceName: voice } } }),
    ...(language !== '' && { languageCode: language }),
  };
  const generationConfig = {
    ...(Object.keys(speech).length > 0 && { speechConfig: speech }),
    ...(modality === 'text' && { responseModalities: [ResponseModality.TEXT] }),
  };
  // The button says when the user speaks; the model does not find it out by itself.
  const manual = { realtimeInputConfig: { automaticActivityDetection: { disabled: true } } };
  return getLiveGenerativeModel(
    ai,
    { model, generationConfig },
    // On a model that only speaks, text is the transcript of what it says, billed as sound.
    { textFrom: 'transcription', live: { template: { id: template }, ...(pushToTalk && manual) } },
  );
}

function constraintsOf(microphone: string): MediaTrackConstraints {
  return microphone === '' ? {} : { deviceId: { exact: microphone } };
}

/** The report for bug reports says how long the running lease lasts. */
function leaseLeftOf(session: LiveSession): number | undefined {
  const report = session.diagnostics();
  return 'leaseLeftMs' in report && typeof report.leaseLeftMs === 'number' ? report.leaseLeftMs : undefined;
}
