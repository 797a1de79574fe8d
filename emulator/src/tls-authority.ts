/**
 * A certificate authority of the emulator's own, and the server certificates it signs: P-256 throughout. The library
 * is loaded when the first one is wanted: it takes 120 ms, and few runs want it.
 * @module
 */
import { createPrivateKey, type webcrypto, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { NAME_CONSTRAINTS, nameConstraints, permits } from './name-constraints.ts';

/** Names that every certificate holds. */
const LOCAL_NAMES: readonly string[] = ['localhost', '127.0.0.1', '::1'];

const DAY_MS = 24 * 3_600_000;
/** Life of an authority and of a server certificate. Ours: clients refuse server certificates of more than 398 days. */
const AUTHORITY_DAYS = 365;
const SERVER_DAYS = 90;
/** Clocks differ: a certificate is good from a day before it was made. */
const SKEW_MS = DAY_MS;

const KEYS = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' } as const;

/** A certificate and its private key, PEM. */
export interface CertificateAndKey {
  readonly cert: string;
  readonly key: string;
}

/** Makes an authority that can vouch for {@link LOCAL_NAMES} and these names, and for no other. */
export async function createAuthority(names: readonly string[], nowMs: number): Promise<CertificateAndKey> {
  const x509 = await library();
  const keys = await crypto.subtle.generateKey(KEYS, true, ['sign', 'verify']);
  const cert = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: 'CN=Livegate emulator CA',
      keys,
      signingAlgorithm: SIGNING,
      notBefore: new Date(nowMs - SKEW_MS),
      notAfter: new Date(nowMs + AUTHORITY_DAYS * DAY_MS),
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        new x509.Extension(NAME_CONSTRAINTS, true, nameConstraints(allNames(names))),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, crypto),
      ],
    },
    crypto,
  );
  return { cert: cert.toString('pem'), key: await privateKeyPem(keys.privateKey) };
}

/** What an authority can still be used for. */
export type AuthorityState = 'usable' | 'expired' | 'other-names' | 'broken';

/** Tells whether a kept authority can sign for these names at `nowMs`. Throws nothing: unreadable is `broken`. */
export async function authorityState(
  { cert, key }: CertificateAndKey,
  names: readonly string[],
  nowMs: number,
): Promise<AuthorityState> {
  try {
    if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) return 'broken';
    const x509 = await library();
    const { notAfter, extensions } = new x509.X509Certificate(cert);
    if (notAfter.getTime() <= nowMs) return 'expired';
    const constraints = extensions.find(({ type }) => type === NAME_CONSTRAINTS);
    const isPermitted = constraints && permits(Buffer.from(constraints.value), allNames(names));
    return isPermitted ? 'usable' : 'other-names';
  } catch {
    return 'broken';
  }
}

/** Makes a server certificate for {@link LOCAL_NAMES} and these names, good no longer than its authority. */
export async function issueServerCertificate(
  authority: CertificateAndKey,
  names: readonly string[],
  nowMs: number,
): Promise<CertificateAndKey> {
  const x509 = await library();
  const issuer = new x509.X509Certificate(authority.cert);
  const pkcs8 = x509.PemConverter.decodeFirst(authority.key);
  const signingKey = await crypto.subtle.importKey('pkcs8', pkcs8, KEYS, false, ['sign']);
  const keys = await crypto.subtle.generateKey(KEYS, true, ['sign', 'verify']);
  const cert = await x509.X509CertificateGenerator.create(
    {
      subject: 'CN=Livegate emulator',
      issuer: issuer.subject,
      publicKey: keys.publicKey,
      signingKey,
      signingAlgorithm: SIGNING,
      notBefore: new Date(nowMs - SKEW_MS),
      notAfter: new Date(Math.min(nowMs + SERVER_DAYS * DAY_MS, issuer.notAfter.getTime())),
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension(
          allNames(names).map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })),
        ),
        await x509.AuthorityKeyIdentifierExtension.create(issuer, false, crypto),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, crypto),
      ],
    },
    crypto,
  );
  return { cert: cert.toString('pem'), key: await privateKeyPem(keys.privateKey) };
}

function allNames(names: readonly string[]): readonly string[] {
  return [...new Set([...LOCAL_NAMES, ...names])];
}

async function privateKeyPem(key: webcrypto.CryptoKey): Promise<string> {
  const { PemConverter } = await library();
  return PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

/** The library wants its polyfill before it. */
async function library() {
  await import('reflect-metadata');
  return import('@peculiar/x509');
}
