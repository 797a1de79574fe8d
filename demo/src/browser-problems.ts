/**
 * What the browser and the sign-in say no to, in words: what happened, what to do, and the ways on. Pure.
 * @module
 */
import type { AudioErrorReason, VideoErrorReason } from '@livegate/web';
import type { Problem } from './refusals.ts';

const typing = ['text-only', 'again'] as const;

const DENIED: Problem = {
  title: 'The microphone is not allowed',
  advice:
    'Allow it in the address bar or in the settings of the system, then start again; or type, and listen.',
  ways: typing,
};
const INSECURE: Problem = {
  title: 'The microphone is not allowed here',
  advice: 'Microphones work on https:// pages and on localhost only. Typing works.',
  ways: typing,
};
const ABSENT: Problem = {
  title: 'There is no microphone',
  advice: 'Connect one, then start again; or type, and listen.',
  ways: typing,
};
const BUSY: Problem = {
  title: 'The microphone is in use',
  advice: 'Close the program that holds it, then start again; or type, and listen.',
  ways: typing,
};

/** By the name of the browser's `DOMException`: what `getUserMedia` rejects with. */
export const MICROPHONE: Readonly<Record<string, Problem>> = {
  NotAllowedError: DENIED,
  SecurityError: INSECURE,
  NotFoundError: ABSENT,
  OverconstrainedError: { ...ABSENT, title: 'The chosen microphone is gone' },
  NotReadableError: BUSY,
  AbortError: BUSY,
};

/** The same by `customErrorData.audio` of the module's error. */
export const AUDIO: Readonly<Record<AudioErrorReason, Problem>> = {
  'microphone-denied': DENIED,
  'no-microphone': ABSENT,
  'microphone-busy': BUSY,
  'microphone-lost': {
    title: 'The microphone is gone',
    advice: 'Connect one and choose it under “Devices”, or type: the talk goes on.',
    ways: typing,
  },
  'insecure-origin': INSECURE,
};

/** Why there is no picture; the talk goes on without. */
export const VIDEO: Readonly<Record<VideoErrorReason, Problem>> = {
  'camera-denied': {
    title: 'Camera or screen was not allowed',
    advice: 'Allow it in the address bar, then share again. The talk goes on.',
    ways: ['again'],
  },
  'no-camera': {
    title: 'There is no camera',
    advice: 'Connect one, then share again. The talk goes on.',
    ways: ['again'],
  },
  'camera-busy': {
    title: 'The camera gives no picture',
    advice: 'Close the program that holds it, then share again. The talk goes on.',
    ways: ['again'],
  },
};

/** By the code of the Auth SDK's error. */
export const SIGN_IN: Readonly<Record<string, Problem>> = {
  'auth/network-request-failed': {
    title: 'The sign-in service cannot be reached',
    advice: 'Check the connection and try again.',
    ways: ['sign-in'],
  },
  'auth/popup-blocked': {
    title: 'The browser blocked the pop-up',
    advice: 'Allow pop-ups for this page and try again.',
    ways: ['sign-in'],
  },
  'auth/popup-closed-by-user': {
    title: 'You are not signed in',
    advice: 'The window was closed before you had signed in.',
    ways: ['sign-in'],
  },
  'auth/admin-restricted-operation': {
    title: 'Guests are not allowed',
    advice: 'Sign in with an account.',
    ways: ['sign-in'],
  },
  'auth/operation-not-allowed': {
    title: 'This way to sign in is switched off',
    advice: 'Use another one.',
    ways: ['sign-in'],
  },
};
