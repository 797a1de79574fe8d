import type { LiveUserAnswer } from '@livegate/protocol';
import { countText, NONE } from '../format.ts';
import { Fact } from '../views/fact.tsx';
import { Moment } from '../views/moment.tsx';
import { Notice } from '../views/notice.tsx';
import { QuotaBar } from './quota-bar.tsx';

interface UserFactsProps {
  readonly user: LiveUserAnswer;
  readonly nowMs: number;
}

/** Account, policy and quota of a user, a block and an erasure first. */
export function UserFacts({ user, nowMs }: UserFactsProps) {
  const { account, blocked, erasing, day, month, raisedMinutes, sessions, liveTokens } = user;
  return (
    <>
      {erasing && (
        <Notice tone="warn" title="Being erased" testId="user-erasing">
          What is left goes by itself: sessions when their tokens are dead, the quota when its UTC day is
          over. Until then they are given no token.
        </Notice>
      )}
      {blocked !== null && (
        <Notice tone="warn" title="Blocked" testId="user-blocked">
          Since <Moment ms={blocked.at} nowMs={nowMs} />.{' '}
          <span data-testid="block-reason">
            {blocked.reason === '' ? 'No reason was given.' : `Reason: ${blocked.reason}`}
          </span>
        </Notice>
      )}
      <div class="user-columns">
        <section class="card padded" aria-label="Account">
          <h2>Account</h2>
          {account === null ? (
            <p data-testid="account-gone">
              There is no account with this uid any more. What is kept of it goes with an erasure.
            </p>
          ) : (
            <dl class="facts">
              <Fact name="E-mail" testId="user-email">
                {account.email ?? NONE}
              </Fact>
              <Fact name="Name" testId="user-name">
                {account.name ?? NONE}
              </Fact>
              <Fact name="Signs in by">
                {account.providers.length === 0 ? 'nothing: anonymous' : account.providers.join(', ')}
              </Fact>
              <Fact name="State">{account.disabled ? 'disabled at Firebase Authentication' : 'enabled'}</Fact>
              <Fact name="Created">
                <Time ms={account.createdAt} nowMs={nowMs} />
              </Fact>
              <Fact name="Signed in last">
                <Time ms={account.lastSignInAt} nowMs={nowMs} />
              </Fact>
              <Fact name="Role" testId="user-role">
                {account.role ?? 'none: not an operator'}
              </Fact>
              <Fact name="Tier" testId="user-tier">
                {account.tier ?? 'none: by sign-in'}
              </Fact>
            </dl>
          )}
        </section>
        <section class="card padded" aria-label="Quota">
          <h2>Quota</h2>
          <QuotaBar
            name="Today (UTC)"
            window={day}
            nowMs={nowMs}
            testId="user-day"
            {...(raisedMinutes > 0 ? { note: `${countText(raisedMinutes)} min of it given for today` } : {})}
          />
          <QuotaBar name="This month (UTC)" window={month} nowMs={nowMs} testId="user-month" />
          <dl class="facts">
            <Fact name="Policy" testId="user-policy">
              {user.policy ?? 'none lets them in'}
            </Fact>
            <Fact name="Given for today" testId="user-raised">
              {countText(raisedMinutes)} min
            </Fact>
            <Fact name="Live sessions" testId="user-live">
              {ofLimit(sessions)}
            </Fact>
            <Fact name="Live tokens" testId="user-tokens">
              {ofLimit(liveTokens)}
            </Fact>
          </dl>
          <p class="muted note">
            Minutes are those of tokens that were handed out, to their very end: a token cannot be taken back.
          </p>
        </section>
      </div>
    </>
  );
}

function ofLimit({ live, limit }: { readonly live: number; readonly limit: number | null }): string {
  return limit === null ? countText(live) : `${countText(live)} of ${countText(limit)}`;
}

function Time({ ms, nowMs }: { readonly ms: number | null; readonly nowMs: number }) {
  return ms === null ? <span>{NONE}</span> : <Moment ms={ms} nowMs={nowMs} />;
}
