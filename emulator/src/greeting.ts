/**
 * What `setupComplete` holds.
 * @module
 */
import { createHash } from 'node:crypto';
import { camelCase, type LiveSetup, type ServerPayloads } from '@livegate/protocol';

/**
 * Nothing, but where a voice is to be copied and the consent to it was spoken: then the signature that stands for the
 * consent from then on. The voice itself is not copied. Source: `replicatedVoiceConfig` and `voiceConsentSignature` of
 * @google/genai 3.1.0, read 2026-11-21.
 */
export function greeting({ generationConfig }: LiveSetup): ServerPayloads['setupComplete'] {
  const voice = generationConfig?.speechConfig?.voiceConfig?.replicatedVoiceConfig ?? {};
  const consent = Object.entries(voice).find(([key]) => camelCase(key) === 'consentAudio')?.[1];
  if (typeof consent !== 'string' || consent === '') return {};
  return { voiceConsentSignature: { signature: createHash('sha256').update(consent).digest('base64') } };
}
