/**
 * What TLS is served with: a certificate of the owner's, or one that an authority made here signs.
 * @module
 */
import { randomUUID } from 'node:crypto';
import { chmod, link, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { EmulatorError } from './errors.ts';
import type { LogSink } from './log.ts';
import {
  authorityState,
  type CertificateAndKey,
  createAuthority,
  issueServerCertificate,
} from './tls-authority.ts';

/** A certificate (with its chain) and a private key of the owner's, PEM. */
export interface OwnCertificate {
  readonly certFile: string;
  readonly keyFile: string;
}

/** A certificate made here. */
export interface MadeCertificate {
  /**
   * Where the authority is kept, so that it need be trusted once only. Without it every run makes one of its own, whose
   * key is nowhere but in memory.
   */
  readonly folder?: string;
  /** Names and addresses besides localhost, 127.0.0.1 and ::1, such as `generativelanguage.googleapis.com`. */
  readonly names?: readonly string[];
}

/** Whether TLS is served, and with what; `true` is a certificate made here. */
export type TlsOption = boolean | OwnCertificate | MadeCertificate;

/** What a server needs of it. */
export interface TlsMaterial extends CertificateAndKey {
  /** Path of the authority's certificate, for clients to trust; none for a certificate of the owner's. */
  readonly caFile?: string;
  /** Removes what lies on disk for this run alone. */
  dispose(): Promise<void>;
}

/** The authority's certificate in its folder, and beside it, for the owner's eyes only, key and certificate. */
const CA_FILE = 'livegate-ca.pem';
/** What clients trust, others may read and nobody else may change, whatever the umask. */
const PUBLIC_MODE = 0o644;
const CA_KEY_FILE = 'livegate-ca-key.pem';

/**
 * Prepares what TLS is served with at `nowMs` of the machine's clock. Rejects with {@link EmulatorError}
 * `invalid-option`: a file that cannot be read, a key that is not the certificate's, a folder that cannot be written.
 */
export async function prepareTls(
  option: Exclude<TlsOption, false>,
  { log, nowMs = Date.now() }: { readonly log: LogSink; readonly nowMs?: number },
): Promise<TlsMaterial> {
  try {
    if (option !== true && 'certFile' in option) return await own(option);
    const { folder, names = [] } = option === true ? {} : option;
    checkNames(names);
    return folder === undefined
      ? await passing(names, nowMs)
      : await kept(resolve(folder), names, nowMs, log);
  } catch (cause) {
    if (cause instanceof EmulatorError) throw cause;
    // The message of a system error names path and call; that of OpenSSL the fault. Neither holds a key.
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new EmulatorError('invalid-option', `tls cannot be served: ${why}`, { cause });
  }
}

async function own({ certFile, keyFile }: OwnCertificate): Promise<TlsMaterial> {
  const [cert, key] = await Promise.all([readFile(certFile, 'utf8'), readFile(keyFile, 'utf8')]);
  createSecureContext({ cert, key });
  return { cert, key, dispose: async () => {} };
}

/** An authority for this run: its certificate on disk until the end, its key never. */
async function passing(names: readonly string[], nowMs: number): Promise<TlsMaterial> {
  const authority = await createAuthority(names, nowMs);
  const server = await issueServerCertificate(authority, names, nowMs);
  const folder = await mkdtemp(join(tmpdir(), 'livegate-tls-'));
  const caFile = join(folder, CA_FILE);
  await writeFile(caFile, authority.cert, { mode: PUBLIC_MODE });
  return { ...server, caFile, dispose: () => rm(folder, { recursive: true, force: true }) };
}

/** An authority that lies in a folder, made anew where there is none that will do. */
async function kept(
  folder: string,
  names: readonly string[],
  nowMs: number,
  log: LogSink,
): Promise<TlsMaterial> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const caFile = join(folder, CA_FILE);
  let authority = await readAuthority(join(folder, CA_KEY_FILE));
  const state = authority && (await authorityState(authority, names, nowMs));
  if (state === 'broken')
    throw new EmulatorError('invalid-option', `tls: ${CA_KEY_FILE} in ${folder} is damaged; remove it.`);
  if (authority === undefined || state !== 'usable') {
    if (state !== undefined)
      log(
        'warn',
        `the authority in ${folder} ${state === 'expired' ? 'is past its date' : 'is for other names'}: made another, to be trusted anew`,
      );
    authority = await keepAuthority(join(folder, CA_KEY_FILE), await createAuthority(names, nowMs), {
      replaces: state !== undefined,
    });
  }
  await writeWhole(caFile, authority.cert);
  const server = await issueServerCertificate(authority, names, nowMs);
  return { ...server, caFile, dispose: async () => {} };
}

/** Key and certificate stand in one file, so that one never comes without the other. */
async function readAuthority(file: string): Promise<CertificateAndKey | undefined> {
  try {
    const text = await readFile(file, 'utf8');
    await chmod(file, 0o600);
    const [key = '', cert = ''] = text.split(/(?=-----BEGIN CERTIFICATE-----)/);
    return { key: key.trimEnd(), cert: cert.trimEnd() };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Writes an authority down; where another start was quicker, gives the one that it wrote. */
async function keepAuthority(
  file: string,
  authority: CertificateAndKey,
  { replaces }: { readonly replaces: boolean },
): Promise<CertificateAndKey> {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, `${authority.key}\n${authority.cert}\n`, { mode: 0o600 });
  try {
    if (replaces) await rename(draft, file);
    else await link(draft, file);
    return authority;
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    return (await readAuthority(file)) ?? authority;
  } finally {
    await rm(draft, { force: true });
  }
}

/** A reader sees the old file or the new one, never half of it. */
async function writeWhole(file: string, text: string): Promise<void> {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, text, { mode: PUBLIC_MODE });
  await rename(draft, file);
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function checkNames(names: readonly string[]): void {
  const odd = names.find((name) => !/^(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|[0-9a-f:.]+)$/i.test(name));
  if (odd !== undefined)
    throw new EmulatorError(
      'invalid-option',
      `tls.names: "${odd.slice(0, 80)}" is neither a host name nor an address.`,
    );
}
