/**
 * Speaks what an answer says, before the session sees it: the session knows only sound and transcripts.
 * @module
 */
import { setImmediate as nextRound } from 'node:timers/promises';
import type { Answer, AnswerHandler, AnswerStep } from './answer.ts';
import type { LogSink } from './log.ts';
import { isSpeechInstalled, loadSpeech, SPEECH_REMEDY, type Speech } from './speech.ts';
import { speechPieces, wordsBesideSound } from './speech-words.ts';

/** Most that is spoken of one step, in characters: about two minutes. The rest is said in tones. */
export const MOST_SPOKEN_CHARACTERS = 2_000;

/** Where a voice comes from. */
export interface VoiceSource {
  readonly isInstalled: () => boolean;
  readonly load: () => Promise<Speech>;
}

const FLITE: VoiceSource = { isInstalled: isSpeechInstalled, load: loadSpeech };

/**
 * A handler whose `say` steps come out as sound with the transcript of each word just before it. Where no voice is
 * installed, and for text it cannot read, they are tones as `text` gives them; the first time, `log` says so. In a
 * TEXT session they are text. An answer without `say`, or with nothing new in it, is given back at once.
 */
export function speakingAnswer(
  handler: AnswerHandler,
  log: LogSink,
  source: VoiceSource = FLITE,
): AnswerHandler {
  let speech: Speech | undefined;
  let isMissed = false;

  const speakAll = async (answer: Answer): Promise<Answer> => {
    speech ??= await source.load();
    const steps: AnswerStep[] = [];
    for (const step of answer) steps.push(...('say' in step ? await speakStep(step.say, speech) : [step]));
    return steps;
  };
  const voice = (answer: Answer, modality: 'AUDIO' | 'TEXT'): Answer | Promise<Answer> => {
    const said = answer.flatMap((step) => ('say' in step ? [step.say] : []));
    if (modality === 'TEXT' || said.length === 0 || isMissed) return answer;
    if (!speech && !source.isInstalled()) {
      isMissed = true;
      log('warn', `what an answer says is heard as tones: to hear words, ${SPEECH_REMEDY}`);
      return answer;
    }
    return (speech && known(answer, speech)) ?? speakAll(answer);
  };
  return (turn, context) => {
    const answer = handler(turn, context);
    return answer instanceof Promise
      ? answer.then((steps) => voice(spaced(steps), context.modality))
      : voice(spaced(answer), context.modality);
  };
}

/** What is said one after the other stays apart in the transcript. */
function spaced(answer: Answer): Answer {
  const last = answer.findLastIndex((step) => 'say' in step || 'text' in step);
  if (!answer.some((step, at) => 'say' in step && at < last)) return answer;
  return answer.map((step, at) =>
    'say' in step && at < last && !/\s$/.test(step.say) ? { say: `${step.say} ` } : step,
  );
}

/** Speaks texts so that they are ready when they are wanted. */
export async function prepareSpeech(texts: readonly string[]): Promise<void> {
  const speech = await loadSpeech();
  for (const text of texts) await speakStep(text, speech);
}

async function speakStep(text: string, speech: Speech): Promise<readonly AnswerStep[]> {
  const steps: AnswerStep[] = [];
  for (const { piece, isSpoken } of split(text)) {
    const words = piece.trim();
    if (isSpoken && speech.spoken(words) === undefined) {
      // Others have their turn between two pieces: speaking holds the thread.
      await nextRound();
      await speech.speak(words);
    }
    steps.push(...stepsOf(piece, isSpoken ? speech.spoken(words) : undefined));
  }
  return steps;
}

/** The answer, if every piece of it was spoken before. */
function known(answer: Answer, speech: Speech): Answer | undefined {
  const steps: AnswerStep[] = [];
  for (const step of answer) {
    if (!('say' in step)) steps.push(step);
    else
      for (const { piece, isSpoken } of split(step.say)) {
        const samples = isSpoken ? speech.spoken(piece.trim()) : undefined;
        if (isSpoken && !samples) return undefined;
        steps.push(...stepsOf(piece, samples));
      }
  }
  return steps;
}

function stepsOf(piece: string, samples: Int16Array | undefined): readonly AnswerStep[] {
  return samples && samples.length > 0 ? wordsBesideSound(piece, samples) : [{ text: piece }];
}

function split(text: string): readonly { readonly piece: string; readonly isSpoken: boolean }[] {
  let length = 0;
  return speechPieces(text).map((piece) => {
    length += piece.length;
    return { piece, isSpoken: length <= MOST_SPOKEN_CHARACTERS };
  });
}
