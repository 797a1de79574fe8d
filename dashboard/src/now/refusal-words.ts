/**
 * Why mints were refused, in words for operators. Complete: a reason without words does not compile.
 * @module
 */
import type { RefusalReason } from '@livegate/protocol';

/** Reason → what happened. */
export const REFUSAL_WORDS: Readonly<Record<RefusalReason, string>> = {
  'already-issued': 'The same request came twice.',
  anonymous: 'The policy lets no anonymous users in.',
  'anonymous-pool': 'The minutes that anonymous users of one origin share were used up.',
  'app-check': 'The call carried no valid App Check token.',
  backend: 'The policy does not allow the backend.',
  blocked: 'An operator blocked the user.',
  'cap-minutes': 'The project’s minutes of the day were used up.',
  'cap-tokens': 'The project had as many live tokens as it may.',
  'client-outdated': 'The page’s module is too old.',
  concurrency: 'The user had as many sessions as they may at once.',
  conflict: 'Somebody else saved a newer version.',
  contention: 'Too much went on at once.',
  'emulator-only': 'The policy is for the emulators only.',
  field: 'The page wished for a field that the policy forbids.',
  invalid: 'The request made no sense.',
  'kill-switch': 'The kill switch was on.',
  'last-admin': 'The last admin stays.',
  'live-tokens': 'The user had as many live tokens as they may.',
  'minutes-day': 'The user’s minutes of the day were used up.',
  'minutes-month': 'The user’s minutes of the month were used up.',
  modality: 'The policy does not allow the modality.',
  model: 'The policy does not allow the model.',
  'no-template': 'No template was named, or there is none of that name.',
  'no-user': 'There is no such user.',
  'not-authorized': 'A rule of the project’s own refused.',
  'not-operator': 'The caller is no operator.',
  'not-owner': 'The session is another user’s.',
  'no-session': 'There is no such session.',
  rate: 'The user began sessions too fast.',
  'relay-only': 'The policy goes through the relay only.',
  'renew-early': 'The renewal came before its time.',
  revoked: 'An operator ended the session.',
  'session-over': 'The session was over.',
  'sign-in-old': 'The operator’s sign-in was too old.',
  'single-lease': 'The policy renews nothing.',
  'spend-day': 'What the policy lets a user spend in a day was used up.',
  tool: 'The policy does not allow the tool.',
  'upstream-refused': 'The Live API refused to make a token.',
  'upstream-unavailable': 'The Live API could not be reached.',
  voice: 'The policy does not allow the voice.',
};

/** The words for a reason, of functions of another version too. */
export function refusalWords(reason: string): string | undefined {
  return Object.hasOwn(REFUSAL_WORDS, reason) ? REFUSAL_WORDS[reason as RefusalReason] : undefined;
}
