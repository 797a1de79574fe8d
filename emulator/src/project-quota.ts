/**
 * How many sessions a project may hold at once, and how many it may start in a minute.
 * @module
 */
import type { EmulatorSettings } from './options.ts';
import type { ReleasePlace, SessionPass } from './session-pass.ts';

const MINUTE_MS = 60_000;

/** The choices that a {@link ProjectQuota} follows. */
export type QuotaRules = Pick<EmulatorSettings, 'concurrentSessions' | 'connectsPerMinute'>;

interface Usage {
  open: number;
  startedMs: number[];
}

/** The sessions of every project of one run. */
export class ProjectQuota {
  readonly #rules: QuotaRules;
  readonly #projects = new Map<string, Usage>();

  constructor(rules: QuotaRules) {
    this.#rules = rules;
  }

  /** Takes a place for a session that starts at `nowMs`; `undefined` where there is none. Refused ones do not count. */
  take(project: string, nowMs: number): ReleasePlace | undefined {
    const { concurrentSessions, connectsPerMinute } = this.#rules;
    const usage = this.#projects.get(project) ?? { open: 0, startedMs: [] };
    this.#projects.set(project, usage);
    usage.startedMs = usage.startedMs.filter((startedMs) => startedMs > nowMs - MINUTE_MS);
    if (isReached(concurrentSessions, usage.open) || isReached(connectsPerMinute, usage.startedMs.length))
      return undefined;
    usage.open++;
    usage.startedMs.push(nowMs);
    return () => {
      usage.open--;
    };
  }
}

function isReached(limit: 'unlimited' | number, count: number): boolean {
  return limit !== 'unlimited' && count >= limit;
}

/**
 * Names the project that a session is counted under and whose handles it may resume: the one in the model's resource
 * name, else the API key's own; a token belongs to the key that made it. Under `one` all keys and callers are of one project.
 */
export function projectOf(
  { owner, project = owner }: Pick<SessionPass, 'owner' | 'project'>,
  model: string,
  projects: EmulatorSettings['projects'],
): string {
  const [, named] = /^projects\/([^/]+)\//.exec(model) ?? [];
  if (named !== undefined) return `project:${named}`;
  return projects === 'one' ? 'project' : project;
}
