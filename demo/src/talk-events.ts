/**
 * What a talk tells: how its session stands, what is heard and called, and the words of both sides.
 * @module
 */
import type { AudioConversation, LiveSession } from '@livegate/web';
import { problemOf, stopOf } from './problems.ts';
import type { TalkEvent } from './talk-view.ts';

/** Tells how the session stands: connection, quota, and what is about to end it. */
export function followSession(session: LiveSession, tell: (event: TalkEvent) => void): void {
  session.on('state', ({ state, cause }) =>
    tell({ kind: 'session-state', state, ...(cause !== undefined && { cause }) }),
  );
  session.on('resumed', ({ stateRestored }) => tell({ kind: 'resumed', stateRestored }));
  session.on('cut', ({ by }) => tell({ kind: 'cut', by }));
  session.on('quota', (quota) => tell({ kind: 'quota', quota }));
  session.on('stop', ({ reason }) =>
    tell({ kind: 'remark', text: `${stopOf(reason).title}: the talk ends.` }),
  );
  session.on('warning', ({ message }) => tell({ kind: 'remark', text: message }));
}

/** Tells what is heard, what is called, and what became of the devices. */
export function followConversation(conversation: AudioConversation, tell: (event: TalkEvent) => void): void {
  conversation.on('speaking', ({ isSpeaking }) => tell({ kind: 'playing', playing: isSpeaking }));
  conversation.on('toolCall', (call) => tell({ kind: 'call', call }));
  conversation.on('blocked', ({ isBlocked }) => tell({ kind: 'remark', text: isBlocked ? BLOCKED : null }));
  conversation.on('selfInterruption', ({ isGating }) =>
    tell({ kind: 'remark', text: isGating ? GATED : ECHO }),
  );
  conversation.on('microphoneOpened', ({ isRecovery }) => {
    tell({ kind: 'microphone', isOpen: true });
    if (isRecovery) tell({ kind: 'remark', text: REPLACED });
  });
  conversation.on('microphoneLost', ({ error }) => {
    tell({ kind: 'microphone', isOpen: false });
    tell({ kind: 'remark', text: problemOf(error).advice });
  });
}

const BLOCKED = 'The browser holds the sound back. Click anywhere to hear it.';
const ECHO = 'The model heard its own voice and stopped. Headphones help.';
const GATED =
  'The model keeps hearing itself: while it speaks, only a voice louder than its echo gets through.';
const REPLACED = 'The microphone was unplugged. The system’s own is listened to now.';

/** Turns what the server sends into the transcript, until the session closes. */
export async function readAlong(session: LiveSession, tell: (event: TalkEvent) => void): Promise<void> {
  for await (const message of session.receive()) {
    if (message.type !== 'serverContent') continue;
    const { inputTranscription, outputTranscription, modelTurn, interrupted, turnComplete } = message;
    // In this order: an answer that is cut short ends before the words that cut it begin.
    if (interrupted) tell({ kind: 'interrupted' });
    if (inputTranscription?.text) tell({ kind: 'piece', role: 'user', text: inputTranscription.text });
    if (modelTurn) tell({ kind: 'voice' });
    // A model that writes has its words in the turn itself; one that speaks, in the transcript of it.
    const words = outputTranscription?.text ?? modelTurn?.parts?.map(({ text = '' }) => text).join('');
    if (words) tell({ kind: 'piece', role: 'model', text: words });
    if (turnComplete) tell({ kind: 'turn-complete' });
  }
}
