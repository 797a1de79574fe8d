/**
 * The ephemeral tokens of one run and what each still allows. In memory only.
 * @module
 */
import type { ClosingCondition } from './closings.ts';
import type { EmulatorSettings } from './options.ts';
import { type ReleasePlace, type SessionPass, secretHash } from './session-pass.ts';
import type { SetupLock } from './setup-lock.ts';
import { TOKEN_TIMES, type TokenRequest } from './token-request.ts';

/** The choices a {@link TokenStore} follows. */
export type TokenRules = Pick<EmulatorSettings, 'startWindowBinds' | 'socketsPerToken'>;

const NAME_PREFIX = 'auth_tokens/';

/** Makes tokens and finds them by name. `newSecret` gives unguessable URL-safe text. */
export class TokenStore {
  readonly #rules: TokenRules;
  readonly #newSecret: () => string;
  readonly #tokens = new Map<string, Token>();

  constructor(rules: TokenRules, newSecret: () => string) {
    this.#rules = rules;
    this.#newSecret = newSecret;
  }

  /** Makes a token of a project and gives its name, `auth_tokens/…`: the name is the credential. */
  mint(request: TokenRequest, nowMs: number, project?: string): string {
    for (const [name, token] of this.#tokens) {
      if (token.expiresAtMs < nowMs - TOKEN_TIMES.maxAheadMs) this.#tokens.delete(name);
    }
    const name = `${NAME_PREFIX}${this.#newSecret()}`;
    this.#tokens.set(name, new Token(name, request, project, this.#rules));
    return name;
  }

  /** The rights of a token, or `undefined` for a name that was never given. */
  find(name: string): SessionPass | undefined {
    return this.#tokens.get(name);
  }

  /** Lets a token die at `atMs` already, where it would live longer. */
  expire(tokenHash: string, atMs: number): void {
    for (const token of this.#tokens.values()) if (token.tokenHash === tokenHash) token.expireAt(atMs);
  }
}

class Token implements SessionPass {
  readonly tokenHash: string;
  readonly owner: string;
  readonly project?: string;
  readonly lock: SetupLock;
  readonly #newSessionUntilMs: number;
  readonly #rules: TokenRules;
  /** Sockets it may hold at once. */
  readonly #places: number;
  #usesLeft: number;
  #placesTaken = 0;
  #expiresAtMs: number;

  constructor(
    name: string,
    { uses, expiresAtMs, newSessionUntilMs, lock }: TokenRequest,
    project: string | undefined,
    rules: TokenRules,
  ) {
    this.tokenHash = secretHash(name);
    this.owner = `token:${this.tokenHash}`;
    if (project !== undefined) this.project = project;
    this.lock = lock;
    this.#expiresAtMs = expiresAtMs;
    this.#newSessionUntilMs = newSessionUntilMs;
    this.#rules = rules;
    this.#places = rules.socketsPerToken === 'unlimited' ? Number.POSITIVE_INFINITY : uses;
    this.#usesLeft = uses;
  }

  get expiresAtMs(): number {
    return this.#expiresAtMs;
  }

  expireAt(atMs: number): void {
    this.#expiresAtMs = Math.min(this.#expiresAtMs, atMs);
  }

  admit(kind: 'new' | 'resumed', nowMs: number): { readonly release: ReleasePlace } | ClosingCondition {
    const isNew = kind === 'new';
    if (nowMs >= this.expiresAtMs) return 'token-expired';
    if ((isNew || this.#rules.startWindowBinds === 'all-sessions') && nowMs >= this.#newSessionUntilMs)
      return 'token-start-over';
    if (isNew && this.#usesLeft === 0) return 'token-used-up';
    if (this.#placesTaken >= this.#places) return 'token-busy';
    if (isNew) this.#usesLeft--;
    this.#placesTaken++;
    return {
      release: () => {
        this.#placesTaken--;
      },
    };
  }
}
