/**
 * The turns of a talk: how long they take, what they use and what is said in them. The service bills the whole context
 * anew with each turn, and cuts it where it grows too long.
 * @module
 */
import type { Modality, UsageMetadata } from '@livegate/protocol';
import { SAMPLE_DIALOGUES, type SampleExchange } from './sample-dialogues.ts';
import type { Dice } from './sample-dice.ts';
import type { PlannedTalk } from './sample-plan.ts';

/** Tokens of a second of sound, each way, and of a picture a second (Live API guide, read 2026-11-21). */
const AUDIO_PER_SECOND = 25;
const PICTURE_TOKENS = 258;
/** The context is cut at so many tokens, to so many. Ours: a talk of some ten minutes. */
const CUT_AT = 12_000;
const CUT_TO = 5_000;
/** Tokens of an instruction, and of a tool's answer. */
const INSTRUCTION_TOKENS = 240;
const TOOL_ANSWER_TOKENS = 60;

/** One turn that happened. */
export interface SampleTurn {
  /** From its begin to its end, in ms. */
  readonly ms: number;
  /** From what the user said to the first sound, in ms. */
  readonly answerMs: number;
  readonly interrupted: boolean;
  readonly tool: {
    readonly name: string;
    readonly ms: number;
    readonly outcome: 'answered' | 'failed';
  } | null;
  readonly usage: UsageMetadata;
  readonly said: SampleExchange;
}

/** Makes the turns of one talk, in order. */
export interface SampleTurns {
  next(): SampleTurn;
  /** The model began anew: the context is gone. */
  forget(): void;
}

/** The turns of a talk. */
export function sampleTurns(dice: Dice, { person, template, camera, model }: PlannedTalk): SampleTurns {
  const kind = template === 'support' || template === 'tutor' ? template : '-';
  const lines = SAMPLE_DIALOGUES[kind][person.language];
  const thinks = model.includes('thinking');
  let context: Tokens = { AUDIO: 0, TEXT: INSTRUCTION_TOKENS, VIDEO: 0 };
  let made = 0;
  return {
    next() {
      const spokenS = dice.between(1.2, 8);
      const answerMs = Math.round(
        dice.between(380, 900) + (thinks ? 700 : 0) + (dice.happens(0.04) ? 2_500 : 0),
      );
      const interrupted = dice.happens(0.09);
      const heardS = dice.between(2, 11) * (interrupted ? 0.4 : 1);
      const tool = kind === 'support' && dice.happens(0.18) ? toolCall(dice) : null;
      const quietS = dice.between(0.5, 5);
      const asked = {
        AUDIO: Math.round(spokenS * AUDIO_PER_SECOND),
        TEXT: tool ? TOOL_ANSWER_TOKENS : 0,
        VIDEO: camera ? Math.round((spokenS + quietS) * PICTURE_TOKENS) : 0,
      };
      const prompt = added(context, asked);
      const answered = Math.round(heardS * AUDIO_PER_SECOND);
      const cached = sum(context) > 4_000 && dice.happens(0.5) ? Math.round(context.AUDIO * 0.6) : 0;
      context = cut(added(prompt, { AUDIO: answered, TEXT: 0, VIDEO: 0 }));
      const said = lines[made++ % lines.length] as SampleExchange;
      return {
        ms: Math.round((spokenS + heardS + quietS) * 1_000 + answerMs + (tool?.ms ?? 0)),
        answerMs,
        interrupted,
        tool,
        said,
        usage: {
          promptTokenCount: sum(prompt),
          promptTokensDetails: details(prompt),
          responseTokenCount: answered,
          responseTokensDetails: [{ modality: 'AUDIO', tokenCount: answered }],
          ...(cached > 0
            ? {
                cachedContentTokenCount: cached,
                cacheTokensDetails: [{ modality: 'AUDIO' as const, tokenCount: cached }],
              }
            : {}),
          ...(thinks ? { thoughtsTokenCount: dice.whole(40, 400) } : {}),
          totalTokenCount: sum(prompt) + answered,
        },
      };
    },
    forget() {
      context = { AUDIO: 0, TEXT: INSTRUCTION_TOKENS, VIDEO: 0 };
    },
  };
}

type Tokens = Readonly<Record<'AUDIO' | 'TEXT' | 'VIDEO', number>>;

function toolCall(dice: Dice): SampleTurn['tool'] {
  return {
    name: dice.weighted([
      ['findOrder', 4],
      ['openTicket', 1],
    ]),
    ms: dice.whole(120, 1_900),
    outcome: dice.happens(0.06) ? 'failed' : 'answered',
  };
}

function added(a: Tokens, b: Tokens): Tokens {
  return { AUDIO: a.AUDIO + b.AUDIO, TEXT: a.TEXT + b.TEXT, VIDEO: a.VIDEO + b.VIDEO };
}

function sum({ AUDIO, TEXT, VIDEO }: Tokens): number {
  return AUDIO + TEXT + VIDEO;
}

/** Sound and pictures go first; the instruction stays. */
function cut(tokens: Tokens): Tokens {
  if (sum(tokens) < CUT_AT) return tokens;
  const share = (CUT_TO - INSTRUCTION_TOKENS) / (tokens.AUDIO + tokens.VIDEO);
  return {
    AUDIO: Math.round(tokens.AUDIO * share),
    TEXT: INSTRUCTION_TOKENS,
    VIDEO: Math.round(tokens.VIDEO * share),
  };
}

function details(tokens: Tokens): readonly { readonly modality: Modality; readonly tokenCount: number }[] {
  return (['AUDIO', 'TEXT', 'VIDEO'] as const)
    .map((modality) => ({ modality, tokenCount: tokens[modality] }))
    .filter(({ tokenCount }) => tokenCount > 0);
}
