/**
 * What a person can do about a refusal, in a sentence.
 * @module
 */
import { DEFAULT_LIVE_MODEL, type RefusalReason } from '@livegate/protocol';

const REMEDIES: { readonly [R in RefusalReason]?: string } = {
  anonymous: 'Sign in with an account: guests are not let in.',
  'app-check': 'Initialise App Check before connect(), and see that this app is registered with it.',
  backend:
    'Choose the backend and the region that the operator has set up; VertexAIBackend takes a location.',
  blocked: 'An operator has blocked this account; only an operator can let it in again.',
  'cap-minutes': 'All users together have used up today’s minutes.',
  'cap-tokens': 'Too many people talk at this moment.',
  'client-outdated': 'Update @livegate/web.',
  concurrency: 'End the talk in another tab or device first.',
  field: 'Leave the field out, or ask the operator to open it.',
  'kill-switch': 'The operator has switched live talks off for now.',
  'minutes-day': 'Today’s minutes are used up.',
  'minutes-month': 'This month’s minutes are used up.',
  model: `The policy does not allow this model, or it is retired; the current one is ${DEFAULT_LIVE_MODEL}.`,
  'no-template': 'The operator has to write a policy or a template first.',
  revoked: 'An operator ended this session; start a new one.',
  'session-over': 'Start a new session.',
  'single-lease': 'Start a new session.',
  'spend-day': 'Today’s share of tokens or money is used up.',
};

/** What to do about a refusal; empty where the refusal says it all. */
export function remedyFor(reason: RefusalReason): string {
  return REMEDIES[reason] ?? '';
}

/** A wait as people say it: seconds up to two minutes, minutes up to two hours, then hours. */
export function waitText(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  if (seconds <= 120) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes <= 120 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`;
}
