/**
 * What may go wrong, and what shows that it does not: the threats that Livegate answers, as data. Each row names a
 * test that cites its id, and a change of one line of the source that turns that test red; `npm run mutants` makes
 * those changes one after the other.
 * @module
 */
import { GATE_THREATS } from './threats/gates.ts';
import { LATER_THREATS } from './threats/later.ts';
import { PAGE_THREATS } from './threats/pages.ts';
import { QUOTA_THREATS } from './threats/quota.ts';
import { REDACTION_THREATS } from './threats/redaction.ts';
import { REPORT_THREATS } from './threats/reports.ts';
import type { Threat } from './threats/threat.ts';
import { SETUP_THREATS, TOKEN_THREATS } from './threats/tokens.ts';
import { WALLET_THREATS } from './threats/wallet.ts';

/** The table. */
export const THREATS: readonly Threat[] = [
  ...TOKEN_THREATS,
  ...SETUP_THREATS,
  ...QUOTA_THREATS,
  ...REPORT_THREATS,
  ...REDACTION_THREATS,
  ...GATE_THREATS,
  ...WALLET_THREATS,
  ...PAGE_THREATS,
  ...LATER_THREATS,
];
