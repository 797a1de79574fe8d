/**
 * A scenario: when the user says, sends or shows this, answer that. What a file holds, as YAML or as the default
 * export of a module. `docs/scenarios.md` is the reference.
 * @module
 */
import type { JsonObject } from '@livegate/protocol';
import type { AnswerStep, PcmAudio, TurnCause } from './answer.ts';
import type { FaultRule } from './fault.ts';

/** A number, or from `atLeast` to `atMost`, both included. */
export type NumberMatch = number | { readonly atLeast?: number; readonly atMost?: number };

/**
 * Which text. A plain string is `is`. Blanks at the ends and the case of letters do not matter, the latter unless
 * `caseSensitive`. A pattern is a JavaScript regular expression, found anywhere (flags `iu`, or `u`).
 */
export type TextMatch =
  | string
  | { readonly is: string; readonly caseSensitive?: boolean }
  | { readonly contains: string; readonly caseSensitive?: boolean }
  | { readonly matches: string; readonly caseSensitive?: boolean };

/** A function's response: by its name, and by the values that it must hold (others may stand beside them). */
export interface ToolResultMatch {
  readonly name?: string;
  readonly response?: JsonObject;
}

/**
 * What must be so for a rule to be used: all of it. A rule without `toolResult` or `cause: tool-response` is not for
 * tool responses; one without `sessionStart` is not for the start of a session.
 */
export interface When {
  /** Words the user sent as text. Speech has none: nobody recognises it here. */
  readonly text?: TextMatch;
  /** Length of what the user said, in s. */
  readonly audioSeconds?: NumberMatch;
  /** 1 for the first turn of the conversation; goes on through a resumption. */
  readonly turn?: NumberMatch;
  /** Video frames that came with the turn. */
  readonly videoFrames?: NumberMatch;
  /** Responses to function calls; of a list each must have come. */
  readonly toolResult?: ToolResultMatch | readonly ToolResultMatch[];
  /** What ended the user's turn; of a list any. */
  readonly cause?: UserCause | readonly UserCause[];
  /** The session has just begun, before the user says anything: a new one, a resumed one, or either. */
  readonly sessionStart?: 'new' | 'resumed' | 'any';
  /** Id of the model, without what stands before its last slash. */
  readonly model?: TextMatch;
  /** The system instruction in force. */
  readonly systemInstruction?: TextMatch;
  /** Values that the setup in force must hold; others may stand beside them. */
  readonly setup?: JsonObject;
  /** Where the conversation stands, by the `then` of rules used before; `start` at its beginning. Of a list any. */
  readonly state?: string | readonly string[];
}

/** What can end a user's turn. */
export type UserCause = Exclude<TurnCause, 'session-start'>;

type Written<Step> = Step extends { readonly audio: PcmAudio } ? { readonly audio: string | PcmAudio } : Step;

/** A step of an answer, as a file writes it: `audio` names a WAV file, from the scenario's folder. */
export type ScenarioStep = Written<AnswerStep>;

/** What is answered: steps, or the emulator's echo, or nothing. */
export type ScenarioReply = 'echo' | 'silence' | ScenarioStep | readonly ScenarioStep[];

/** One rule. The first whose `when` is met, and that is not used up, is used. */
export interface ScenarioRule {
  /** For the reader, and for the log. */
  readonly name?: string;
  /** Left out: always. */
  readonly when?: When;
  readonly answer: ScenarioReply;
  /** How often in a conversation. Left out: any number of times. */
  readonly times?: number;
  /** The same as `times: 1`. */
  readonly once?: boolean;
  /** Where the conversation stands after it. */
  readonly then?: string;
}

/** A whole scenario. */
export interface Scenario {
  /** For editors; ignored. */
  readonly $schema?: string;
  readonly name?: string;
  readonly rules: readonly ScenarioRule[];
  /**
   * What is answered where no rule is met. Default `echo`. Of steps nothing is answered to a tool response that no
   * rule is for.
   */
  readonly otherwise?: ScenarioReply;
  /** What goes wrong by itself: at the upgrade, at a request for a token, at a message, a turn or a time. */
  readonly faults?: readonly FaultRule[];
}

/** Gives the scenario back: for the types, in a module that exports one. */
export function defineScenario(scenario: Scenario): Scenario {
  return scenario;
}
