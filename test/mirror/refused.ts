/**
 * What must not compile: each line is expected to be refused by the compiler, and none is ever run.
 * @module
 */
import type * as theirs from '@firebase/ai';
import type * as ours from '@livegate/web';

/** The refusals. `tsc` fails on a line that it accepts. */
export function refused(
  session: ours.LiveSession,
  model: ours.LiveGenerativeModel,
  content: ours.LiveServerContent,
  handle: ours.AudioConversationController,
): readonly unknown[] {
  // @ts-expect-error private members make the classes of firebase/ai nominal
  const nominal: theirs.LiveSession = session;
  // @ts-expect-error a role that firebase/ai does not know
  const content1: ours.Content = { role: 'assistant', parts: [] };
  // @ts-expect-error a part is of one kind
  const part: ours.Part = { text: 'a', functionCall: { name: 'f', args: {} } };
  // @ts-expect-error bytes without their type
  const blob: ours.GenerativeContentBlob = { data: '' };
  // @ts-expect-error a modality that does not exist
  const config: ours.LiveGenerationConfig = { responseModalities: ['VIDEO'] };
  // @ts-expect-error a code that firebase/ai does not know
  const code: ours.AIErrorCode = 'quota';
  // @ts-expect-error one speaker or several
  const speech: ours.SpeechConfig = { voiceConfig: {}, multiSpeakerVoiceConfig: { speakerVoiceConfigs: [] } };
  // @ts-expect-error turnComplete is no word
  const sent = session.send('a', 'yes');
  // @ts-expect-error a list, as in firebase/ai
  const answered = session.sendFunctionResponses({ name: 'f', response: {} });
  // @ts-expect-error extras are events, never members of a message
  const cut: unknown = content.cut;
  // @ts-expect-error the mirrored handle only stops
  const mute: unknown = handle.mute;
  // @ts-expect-error the Live API counts no tokens
  const counted: unknown = model.countTokens;
  // @ts-expect-error a handle is text
  const connected = model.connect({ handle: 1 });
  return [nominal, content1, part, blob, config, code, speech, sent, answered, cut, mute, counted, connected];
}
