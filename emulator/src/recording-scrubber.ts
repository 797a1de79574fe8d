/**
 * Takes out of what is recorded whatever must not be kept.
 * @module
 */
import { isObject } from '@livegate/protocol';

/** Instead of a credential. */
const HIDDEN = '[hidden]';
/** What credentials look like wherever they stand: API keys, ephemeral tokens, OAuth access tokens, JSON Web Tokens. */
const CREDENTIALS =
  /AIza[\w-]{20,}|auth_tokens(?:\/|%2F)[\w%.~-]+|ya29\.[\w.-]+|Bearer\s+[\w.~+/=-]+|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/gi;
const TOKEN_FOLDER = 'auth_tokens/';
/** Shorter texts stand too often where nothing is secret. */
const LEAST_SECRET = 6;

/** What a {@link RecordingScrubber} keeps of the user's media. */
export interface ScrubOptions {
  /** Keep the user's audio and pictures; else only their length. */
  readonly keepsVoice: boolean;
}

/**
 * Scrubs the messages of one recording: credentials become `[hidden]`, each handle a name that is the same wherever it
 * stands, so that a resumption can be played back.
 */
export class RecordingScrubber {
  readonly #keepsVoice: boolean;
  readonly #secrets = new Set<string>();
  readonly #handles = new Map<string, string>();

  constructor({ keepsVoice }: ScrubOptions) {
    this.#keepsVoice = keepsVoice;
  }

  /** From now on `secret` is hidden wherever it stands, percent-encoded and in base64 of either alphabet too. */
  hide(secret: string | undefined): void {
    if (secret === undefined || secret.length < LEAST_SECRET) return;
    const base64 = Buffer.from(secret).toString('base64');
    const base64Url = Buffer.from(secret).toString('base64url');
    for (const form of [secret, encodeURIComponent(secret), base64, base64.replace(/=+$/, ''), base64Url])
      this.#secrets.add(form);
    // The name of a token is its folder and the secret.
    if (secret.startsWith(TOKEN_FOLDER)) this.hide(secret.slice(TOKEN_FOLDER.length));
  }

  /** A copy of a message that may be kept. */
  message(value: object, from: 'client' | 'server'): object {
    return this.#scrub(value, from) as object;
  }

  /** A text that may be kept. */
  text(text: string): string {
    let scrubbed = text;
    for (const [handle, name] of this.#handles)
      if (handle.length >= LEAST_SECRET) scrubbed = scrubbed.replaceAll(handle, name);
    for (const secret of this.#secrets) scrubbed = scrubbed.replaceAll(secret, HIDDEN);
    return scrubbed.replaceAll(CREDENTIALS, HIDDEN);
  }

  #scrub(value: unknown, from: 'client' | 'server'): unknown {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((each) => this.#scrub(each, from));
    if (!isObject(value)) return value;
    const isMedia = 'data' in value && ('mimeType' in value || 'mime_type' in value);
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => {
        if (typeof each !== 'string') return [this.text(key), this.#scrub(each, from)];
        if (/^(?:handle|newHandle|new_handle)$/.test(key)) return [key, this.#handle(each)];
        // Base64 of media: no credential can be told in it, and searching it would cost more than the recording.
        if (isMedia && key === 'data') return [key, from === 'client' && !this.#keepsVoice ? '' : each];
        return [this.text(key), this.text(each)];
      }),
    );
  }

  #handle(handle: string): string {
    if (handle === '') return '';
    const name = this.#handles.get(handle) ?? `handle-${this.#handles.size + 1}`;
    this.#handles.set(handle, name);
    return name;
  }
}
