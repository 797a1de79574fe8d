/**
 * The functions this codebase deploys. A team with rules of its own passes them to `createLiveFunctions`.
 * @module
 */
import { createLiveFunctions } from './live-functions.ts';

export const {
  blockLiveUser,
  eraseDeletedLiveUser,
  eraseLiveUser,
  getLiveQuota,
  mintLiveToken,
  raiseLiveQuota,
  readLiveUser,
  reportLiveUsage,
  revokeLiveSession,
  rollUpLiveStats,
  setKillSwitch,
  setLiveLimits,
  setLivePolicy,
  setLivePrice,
  setLiveRole,
  setLiveTemplate,
  setLiveTier,
  sweepLiveSessions,
} = createLiveFunctions();
