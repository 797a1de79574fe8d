/**
 * Why an act did not happen, in words with what to do. Pure.
 * @module
 */
import { isObject } from '@livegate/protocol';

/** An act that failed. */
export interface ActProblem {
  readonly words: string;
  readonly reason?: string;
  readonly field?: string;
}

/** By the refusal's reason; where none stands here, the functions' own words are shown. */
const BY_REASON: Readonly<Record<string, string>> = {
  'not-operator': 'Your role does not allow this. Ask an admin, then sign out and in again.',
  'sign-in-old': 'Acts want a sign-in of the last 12 hours. Sign out and in again, then repeat it.',
  conflict: 'Somebody else saved a newer version meanwhile. Look at it, then make your change again.',
  contention: 'Too much went on at once; nothing was changed. Try again in a moment.',
  'app-check': 'The functions take calls of registered apps only: set up App Check for this page.',
};

/** By the callable's code, where the functions gave no reason. */
const BY_CODE: Readonly<Record<string, string>> = {
  'functions/unauthenticated': 'The sign-in has run out. Sign out and in again.',
  'functions/unavailable': 'The functions cannot be reached. Check the connection and try again.',
  'functions/internal': 'The functions cannot be reached, or failed. Try again; their log says more.',
  'functions/deadline-exceeded':
    'The functions took too long. Look whether it happened before you repeat it.',
  'functions/not-found': 'The project has no such function. Deploy the functions of this version.',
};

/** Reads what a callable rejected with. */
export function actProblem(error: unknown): ActProblem {
  const code = isObject(error) && typeof error.code === 'string' ? error.code : 'unknown';
  const details = isObject(error) && isObject(error.details) ? error.details : {};
  const reason = typeof details.reason === 'string' ? details.reason : undefined;
  const field = typeof details.field === 'string' ? details.field : undefined;
  const said = error instanceof Error && error.message !== '' ? error.message : undefined;
  const words =
    (reason === undefined ? BY_CODE[code] : (BY_REASON[reason] ?? said)) ??
    `The act failed (${code}). Look whether it happened before you repeat it.`;
  return {
    words,
    ...(reason === undefined ? {} : { reason }),
    ...(field === undefined ? {} : { field }),
  };
}
