/**
 * What the tests of this package share. Not part of the bundle.
 * @module
 */
import type { LivePolicyDocument } from '@livegate/protocol';

/** A policy that allows a signed-in user an hour a day. */
export function policyWith(changes: Partial<LivePolicyDocument> = {}): LivePolicyDocument {
  return {
    v: 1,
    version: 1,
    route: 'direct',
    backends: ['google-ai'],
    models: ['gemini-3.8-live', 'gemini-2.0-flash-live-001'],
    modalities: ['AUDIO'],
    voices: ['Kore'],
    tools: 'any',
    templates: 'any',
    templateRequired: false,
    settableFields: [
      'generationConfig.temperature',
      'generationConfig.speechConfig',
      'generationConfig.responseModalities',
    ],
    openFields: [],
    minutesPerDay: 60,
    minutesPerMonth: null,
    sessionsPerMinute: 6,
    concurrentSessions: 1,
    maxLiveTokens: null,
    reportedPerDay: { tokens: null, usd: null },
    meteredPerDay: { tokens: null, usd: null },
    renewal: 'resume',
    leaseSeconds: [120, 300, 600],
    singleLeaseSeconds: 900,
    anonymous: false,
    anonymousPool: null,
    transcripts: { keep: false, days: 0 },
    reportEverySeconds: 120,
    sessionDays: 30,
    emulatorOnly: false,
    ...changes,
  };
}
