/**
 * The Livegate part of this page: everything that a conversation with a Live model takes, and nothing else.
 * The names are firebase/ai's; a page that used that before changes the import.
 * @module
 */
import { DEFAULT_LIVE_MODEL } from '@livegate/protocol';
import {
  type AI,
  getLiveGenerativeModel,
  type LiveSession,
  openAudioConversation,
  ResponseModality,
} from '@livegate/web';
import type { TalkChoice } from './choices.ts';
import { levelOf } from './level.ts';
import { problemOf } from './problems.ts';
import type { TalkEvent } from './talk-view.ts';

/** A conversation that goes on. Made by {@link startTalk}, over after `stop()`, which never rejects. */
export interface Talk {
  /** Says something in writing. */
  readonly say: (text: string) => Promise<void>;
  readonly mute: (muted: boolean) => void;
  /** How loud each side is now, 0 to 1, as a meter shows it. */
  readonly level: (side: 'microphone' | 'speaker') => number;
  readonly stop: () => Promise<void>;
}

/**
 * Starts a conversation and tells what happens in it. Rejects with an `AIError` (see `problems.ts` for what its
 * reasons mean) or with the browser's `DOMException` about the microphone; nothing is left open then. Call it
 * from a click: browsers play no sound otherwise.
 */
export async function startTalk(ai: AI, choice: TalkChoice, tell: (event: TalkEvent) => void): Promise<Talk> {
  // 1. What to talk to. The template's instruction and tools stay on the server; the policy says which of these
  //    wishes it grants, and everything else about the session is locked into the token.
  const model = getLiveGenerativeModel(
    ai,
    {
      model: DEFAULT_LIVE_MODEL,
      generationConfig: {
        responseModalities: [ResponseModality.AUDIO],
        speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: choice.voice } } },
        inputAudioTranscription: {},
        outputAudioTranscription: {},
      },
    },
    { live: { template: { id: choice.template } } },
  );

  // 2. Connect. The callable `mintLiveToken` checks the user's policy and minutes and gives a token that lives
  //    for minutes; the socket then goes from here straight to Gemini. Renewals come by themselves.
  const session = await model.connect();
  tell({ kind: 'connected', sessionId: session.sessionId ?? null });
  if (session.quotaLeft) tell({ kind: 'quota', quota: session.quotaLeft });
  session.on('quota', (quota) => tell({ kind: 'quota', quota }));
  session.on('state', ({ state, cause }) =>
    tell({ kind: 'session-state', state, ...(cause !== undefined && { cause }) }),
  );
  session.on('resumed', ({ stateRestored }) => {
    if (!stateRestored) tell({ kind: 'remark', text: FORGETFUL });
  });
  session.on('warning', ({ message }) => tell({ kind: 'remark', text: message }));

  // 3. Read along. The conversation of step 4 reads the same messages for itself.
  readAlong(session, tell).catch((error: unknown) =>
    tell({ kind: 'remark', text: `The transcript has stopped: ${problemOf(error).title}.` }),
  );

  // 4. Microphone in, loudspeaker out. It stops by itself when the session ends.
  const conversation = await openAudioConversation(session, {
    onEnded: (end) => {
      if (end.reason !== 'failed') return;
      tell({ kind: 'failed', problem: problemOf(end.error) });
      void session.close();
    },
  }).catch(async (error: unknown) => {
    await session.close();
    throw error;
  });
  tell({ kind: 'talking' });
  const levels = { microphone: 0, speaker: 0 };
  conversation.on('level', ({ side, rms }) => {
    levels[side] = levelOf(rms);
  });
  conversation.on('speaking', ({ isSpeaking }) => tell({ kind: 'playing', playing: isSpeaking }));
  conversation.on('blocked', ({ isBlocked }) => tell({ kind: 'remark', text: isBlocked ? BLOCKED : null }));
  conversation.on('microphoneLost', () => tell({ kind: 'remark', text: UNPLUGGED }));

  return {
    say: async (text) => {
      tell({ kind: 'typed', text });
      await session.send(text);
    },
    mute: (muted) => conversation.mute(muted),
    level: (side) => levels[side],
    stop: async () => {
      // A conversation that had failed has told so already.
      await conversation.stop().catch(() => {});
      await session.close();
    },
  };
}

const FORGETFUL = 'The connection was replaced; the model goes on from the words, not from its own memory.';
const BLOCKED = 'The browser holds the sound back. Click anywhere to hear it.';
const UNPLUGGED = 'The microphone is gone. Stop, connect one and start again.';

/** Turns what the server sends into the transcript, until the session closes. */
async function readAlong(session: LiveSession, tell: (event: TalkEvent) => void): Promise<void> {
  for await (const message of session.receive()) {
    if (message.type !== 'serverContent') continue;
    const { inputTranscription, outputTranscription, modelTurn, interrupted, turnComplete } = message;
    // In this order: an answer that is cut short ends before the words that cut it begin.
    if (interrupted) tell({ kind: 'interrupted' });
    if (inputTranscription?.text) tell({ kind: 'piece', role: 'user', text: inputTranscription.text });
    if (modelTurn) tell({ kind: 'voice' });
    if (outputTranscription?.text) tell({ kind: 'piece', role: 'model', text: outputTranscription.text });
    if (turnComplete) tell({ kind: 'turn-complete' });
  }
}
