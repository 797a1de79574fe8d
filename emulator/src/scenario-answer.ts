/**
 * A scenario as an answer handler.
 * @module
 */
import type { Answer, AnswerContext, AnswerHandler, UserTurn } from './answer.ts';
import { echoAnswer } from './echo-answer.ts';
import { type LogSink, silentLog } from './log.ts';
import type { LoadedScenario } from './scenario-load.ts';
import { START_STATE } from './scenario-match.ts';
import type { ReadReply, ReadRule } from './scenario-read.ts';
import type { ScenarioWords } from './scenario-template.ts';

/** A rule that was used, and in which turn: half a turn before its successor for the start of a session. */
interface Use {
  readonly rule: ReadRule;
  readonly at: number;
}

interface Memory {
  /** In the order of their turns. */
  uses: readonly Use[];
  /** What the user wrote, by turn; of the last turns only. */
  readonly texts: Map<number, string>;
}

/** Turns whose text a late response can still name. */
const MOST_TEXTS = 64;
/** Conversations remembered at once; those untouched longest go first. */
const MOST_CONVERSATIONS = 10_000;

/**
 * The scenario as a handler. Conversations share nothing: what was used, and where each stands, is kept for each,
 * goes on through a resumption, and there goes back to where the handle was given. `log` is told at each turn, as
 * `debug`, which rule was used; no word of the conversation.
 */
export function scenarioAnswer(
  scenario: LoadedScenario,
  { log = silentLog }: { readonly log?: LogSink } = {},
): AnswerHandler {
  const memories = new Map<string, Memory>();
  return (turn, context) => {
    const memory = recall(memories, turn, context);
    const { uses } = memory;
    const state = uses.findLast(({ rule }) => rule.then !== undefined)?.rule.then ?? START_STATE;
    const rule = scenario.rules.find(
      (each) =>
        uses.filter((use) => use.rule === each).length < each.times && each.isMet({ turn, context, state }),
    );
    if (rule && isKept(rule))
      memory.uses = [...uses, { rule, at: Math.max(placeOf(turn), uses.at(-1)?.at ?? 0) }];
    log('debug', `${context.sessionId} turn ${turn.index + 1}, ${turn.cause}: ${nameOf(scenario, rule)}`);
    const words = { text: memory.texts.get(turn.index) ?? '', turn: String(turn.index + 1) };
    return answerOf(rule ? rule.answer : otherwise(scenario, turn), turn, words);
  };
}

/** `rule 3 (full)`, as an author counts; `otherwise`. */
function nameOf({ rules }: LoadedScenario, rule: ReadRule | undefined): string {
  if (!rule) return 'otherwise';
  return `rule ${rules.indexOf(rule) + 1}${rule.name === undefined ? '' : ` (${rule.name})`}`;
}

function answerOf(reply: ReadReply, turn: UserTurn, words: ScenarioWords): Answer {
  if (reply === 'echo') return echoAnswer(turn);
  return reply === 'silence' ? [] : reply.map(({ make }) => make(words));
}

/** The model does not speak first unasked, and does not call a function because another answered. */
function otherwise({ otherwise }: LoadedScenario, { cause }: UserTurn): ReadReply {
  const isUsers = cause !== 'session-start' && cause !== 'tool-response';
  return isUsers || (otherwise === 'echo' && cause === 'tool-response') ? otherwise : 'silence';
}

/**
 * What is known of a conversation. The number of a user's turn only grows in it, so what was used at or after it belongs to
 * a conversation that a resumption has left behind, or to an earlier one of the same name. A response comes under the
 * number of the turn that called, which may be long ago: it belongs to the conversation as it stands.
 */
function recall(memories: Map<string, Memory>, turn: UserTurn, context: AnswerContext): Memory {
  const { sessionId, resumedFrom } = context;
  const known = memories.get(sessionId);
  const from = known ?? (resumedFrom === undefined ? undefined : memories.get(resumedFrom));
  const isResponse = turn.cause === 'tool-response';
  const uses = from?.uses ?? [];
  const at = placeOf(turn);
  const memory: Memory = {
    uses: isResponse ? uses : uses.filter((use) => use.at < at),
    texts: new Map(from?.texts),
  };
  if (!isResponse) memory.texts.set(turn.index, turn.text ?? '');
  keepLast(memory.texts, MOST_TEXTS);
  memories.delete(sessionId);
  memories.set(sessionId, memory);
  keepLast(memories, MOST_CONVERSATIONS);
  return memory;
}

function keepLast(map: Map<unknown, unknown>, most: number): void {
  for (const oldest of map.keys()) {
    if (map.size <= most) break;
    map.delete(oldest);
  }
}

/** Only what is counted or leads somewhere: a conversation may be long. */
function isKept({ times, then }: ReadRule): boolean {
  return times !== Number.POSITIVE_INFINITY || then !== undefined;
}

function placeOf({ cause, index }: UserTurn): number {
  return cause === 'session-start' ? index - 0.5 : index;
}
