/**
 * The functions this codebase deploys.
 * @module
 */
export { mintLiveToken, reportLiveUsage, sweepLiveSessions } from './triggers.ts';
