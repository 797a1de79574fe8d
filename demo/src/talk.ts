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
  ResponseModality,
  startAudioConversation,
} from '@livegate/web';
import type { TalkChoice } from './choices.ts';
import { levelOf } from './level.ts';
import type { TalkEvent } from './talk-view.ts';

/** A conversation that goes on. Made by {@link startTalk}, over after `stop()`. */
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
  session.on('state', ({ state, cause }) =>
    tell({ kind: 'session-state', state, ...(cause !== undefined && { cause }) }),
  );
  if (session.quotaLeft) tell({ kind: 'quota', quota: session.quotaLeft });
  session.on('quota', (quota) => tell({ kind: 'quota', quota }));
  session.on('warning', ({ message }) => tell({ kind: 'remark', text: message }));

  // 3. Read along. The conversation of step 4 reads the same messages for itself.
  void follow(session, tell);

  // 4. Microphone in, loudspeaker out.
  const conversation = await startAudioConversation(session).catch(async (error: unknown) => {
    await session.close();
    throw error;
  });
  const levels = { microphone: 0, speaker: 0 };
  conversation.on('level', ({ side, rms }) => {
    levels[side] = levelOf(rms);
  });
  conversation.on('speaking', ({ isSpeaking }) => tell({ kind: 'playing', playing: isSpeaking }));
  conversation.on('blocked', ({ isBlocked }) => {
    if (isBlocked)
      tell({ kind: 'remark', text: 'The browser holds the sound back; click anywhere to hear it.' });
  });
  conversation.on('microphoneLost', () =>
    tell({ kind: 'remark', text: 'The microphone is gone; stop, plug one in and start again.' }),
  );

  return {
    say: async (text) => {
      tell({ kind: 'typed', text });
      await session.send(text);
    },
    mute: (muted) => conversation.mute(muted),
    level: (side) => levels[side],
    stop: async () => {
      await conversation.stop();
      await session.close();
    },
  };
}

/** Turns what the server sends into the transcript, until the session closes. */
async function follow(session: LiveSession, tell: (event: TalkEvent) => void): Promise<void> {
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
