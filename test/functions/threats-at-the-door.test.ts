import type { LiveSetup } from '@livegate/protocol';
import fc from 'fast-check';
import type { CallableRequest } from 'firebase-functions/https';
import { describe, expect, it } from 'vitest';
import type { AppCheckDemands } from '../../functions/src/app-check-policy.ts';
import { throughDoor } from '../../functions/src/door.ts';
import { checkOperator, type UserRecordView } from '../../functions/src/operator-door.ts';
import { Refusal } from '../../functions/src/refusal.ts';
import { buildSetup } from '../../functions/src/setup-builder.ts';
import { POLICY } from './support/world.ts';

/** A call as the SDK hands it over. */
function callOf(more: object = {}): CallableRequest<unknown> {
  return {
    data: {},
    auth: { uid: 'u', token: { firebase: { sign_in_provider: 'anonymous' } } },
    rawRequest: { headers: {} },
    acceptsStreaming: false,
    ...more,
  } as never;
}

/** Where the door leaves a call: the caller, or the reason of the refusal. */
async function outcomeOf(
  call: CallableRequest<unknown>,
  appCheck: AppCheckDemands = { enforce: false, replayProtection: false },
): Promise<unknown> {
  try {
    const log = { unexpected: () => undefined };
    return await throughDoor(
      call,
      { appCheck, log, doing: 'trying', originSecret: () => 'secret' },
      async ({ caller }) => caller,
    );
  } catch (error) {
    return (error as { details?: { reason?: string } }).details?.reason;
  }
}

describe('the verdict of App Check', () => {
  const sent = { rawRequest: { headers: { 'x-firebase-appcheck': 'x' } } };
  const app = (alreadyConsumed: boolean) => ({ ...sent, app: { appId: 'app', token: {}, alreadyConsumed } });
  const enforced = { enforce: true, replayProtection: false };
  const once = { enforce: true, replayProtection: true };

  it('keeps out a call without a token, and lets one with a good token in [threat:app-check:missing]', async () => {
    expect(await outcomeOf(callOf(), enforced)).toBe('app-check');
    expect(await outcomeOf(callOf(app(false)), enforced)).toMatchObject({ uid: 'u' });
  });

  it('keeps out a call with a token that did not pass [threat:app-check:invalid]', async () => {
    expect(await outcomeOf(callOf(sent), enforced)).toBe('app-check');
    expect(await outcomeOf(callOf(app(false)), enforced)).toMatchObject({ uid: 'u' });
  });

  it('keeps out a token that was used before, where each is good for one call [threat:app-check:replay]', async () => {
    expect(await outcomeOf(callOf(app(true)), once)).toBe('app-check');
    expect(await outcomeOf(callOf(app(false)), once)).toMatchObject({ uid: 'u' });
  });
});

describe('the origin of a guest', () => {
  const from = async (address: string) =>
    (
      (await outcomeOf(callOf({ rawRequest: { headers: { 'x-forwarded-for': address } } }))) as {
        readonly origin: string;
      }
    ).origin;

  it('is the address that the front end saw, whatever the page says before it [threat:anonymous:origin]', async () => {
    const honest = await from('203.0.113.7');
    expect(await from('198.51.100.1, 203.0.113.7')).toBe(honest);
    expect(await from('198.51.100.2, 203.0.113.7')).toBe(honest);
    expect(await from('203.0.113.8')).not.toBe(honest);
  });
});

describe('an operator', () => {
  const NOW = Date.parse('2026-11-21T12:00:00Z');
  const admin: UserRecordView = {
    disabled: false,
    customClaims: { livegate: 'admin' },
    tokensValidAfter: null,
  };
  const visit = async (
    claims: Readonly<Record<string, unknown>>,
    record: UserRecordView | null | Error = admin,
  ): Promise<string> => {
    const token = { auth_time: NOW / 1_000 - 60, ...claims };
    const read = async () => {
      if (record instanceof Error) throw record;
      return record;
    };
    try {
      await checkOperator({ uid: 'op', token }, 'admin', { users: { read }, now: () => NOW });
      return 'let in';
    } catch (error) {
      if (error instanceof Refusal) return error.details.reason;
      throw error;
    }
  };

  it('is nobody for being the first: without the claim there is no way in [threat:admin:bootstrap]', async () => {
    expect(await visit({}, { ...admin, customClaims: {} })).toBe('not-operator');
    expect(await visit({ livegate: 'viewer' })).toBe('not-operator');
    expect(await visit({ email: 'owner@example.com', email_verified: true })).toBe('not-operator');
    expect(await visit({ livegate: 'admin' })).toBe('let in');
  });

  it('is none any more from the moment the claim is taken, whatever the token says [threat:admin:taken]', async () => {
    expect(await visit({ livegate: 'admin' }, { ...admin, customClaims: {} })).toBe('not-operator');
    expect(await visit({ livegate: 'admin' })).toBe('let in');
  });

  it('is none by a sign-in of before the revocation [threat:admin:revoked]', async () => {
    const revoked = { ...admin, tokensValidAfter: NOW - 30_000 };
    expect(await visit({ livegate: 'admin' }, revoked)).toBe('not-operator');
    expect(await visit({ livegate: 'admin', auth_time: NOW / 1_000 - 30 }, revoked)).toBe('let in');
  });

  it('is none by a sign-in that is half a day old [threat:admin:old]', async () => {
    const halfDay = 12 * 3_600;
    expect(await visit({ livegate: 'admin', auth_time: NOW / 1_000 - halfDay })).toBe('sign-in-old');
    expect(await visit({ livegate: 'admin', auth_time: NOW / 1_000 - halfDay + 1 })).toBe('let in');
  });

  it('is nobody where the record cannot be read [threat:admin:unreadable]', async () => {
    expect(await visit({ livegate: 'admin' }, new Error('unreachable'))).toBe('not-operator');
    expect(await visit({ livegate: 'admin' })).toBe('let in');
  });
});

describe('a page that may set nothing', () => {
  const order = {
    policy: { ...POLICY, settableFields: [] },
    template: {
      v: 1,
      version: 1,
      title: 'Fixed',
      variables: {},
      setup: { systemInstruction: { parts: [{ text: 'Be brief.' }] } },
    },
    model: 'gemini-3.8-live',
    fresh: false,
  };
  const text = fc.string({ maxLength: 20 });
  /** Wishes that may come to nothing, alone or with one that may not. */
  const harmless = {
    model: fc.constant('models/gemini-3.8-live'),
    sessionResumption: fc.record({ handle: text }),
    generationConfig: fc.constant({}),
  };
  const wishes = fc.oneof(
    fc.record(harmless, { requiredKeys: [] }),
    fc.record(
      {
        ...harmless,
        model: fc.constantFrom('models/gemini-3.8-live', 'models/another'),
        generationConfig: fc.record(
          { temperature: fc.double({ noNaN: true }), topK: fc.nat(), maxOutputTokens: fc.nat() },
          { requiredKeys: [] },
        ),
        systemInstruction: fc.record({ parts: fc.array(fc.record({ text })) }),
        tools: fc.array(fc.constant({ googleSearch: {} })),
        outputAudioTranscription: fc.constant({}),
        safetySettings: fc.array(fc.constant({ category: 'x', threshold: 'OFF' })),
      },
      { requiredKeys: [] },
    ),
  ) as unknown as fc.Arbitrary<Partial<LiveSetup>>;

  it('changes nothing of what its token is locked to, or is refused [threat:setup:fuzz]', () => {
    const plain = buildSetup({ ...order, wishes: {} });
    let built = 0;
    let refused = 0;
    fc.assert(
      fc.property(wishes, (wished) => {
        try {
          expect(buildSetup({ ...order, wishes: wished })).toEqual(plain);
          built += 1;
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          refused += 1;
        }
      }),
      { numRuns: 500 },
    );
    // Runs that are all of one kind would prove nothing.
    expect(built).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(100);
  });
});
