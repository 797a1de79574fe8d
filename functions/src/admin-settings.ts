/**
 * What operators write: policies, templates and prices. Each has a version; an edit of an older one is refused.
 * @module
 */
import { isDeepStrictEqual } from 'node:util';
import {
  type AuditAct,
  type LiveTemplateDocument,
  readPolicyDraft,
  readPriceDraft,
  readSetPolicy,
  readSetPrice,
  readSetTemplate,
  readTemplateDraft,
} from '@livegate/protocol';
import type { DocumentReference, Transaction } from 'firebase-admin/firestore';
import { type ActOutcome, type AdminHandler, act, readDraft } from './admin-act.ts';
import type { LivePaths } from './paths.ts';
import { Refusal } from './refusal.ts';
import { readRequest } from './request-door.ts';
import { checkStorable } from './storable.ts';

/** Most JSON of such a document. Ours: before and after stand in one audit entry, and Firestore takes 1 MiB. */
const DOCUMENT_BYTES = 100_000;

/**
 * Writes a policy, or deletes it where none is given. What is written twice is written once. Throws {@link Refusal}:
 * `invalid` naming the field, `conflict`, `contention`.
 */
export const setLivePolicy: AdminHandler = async (dependencies, operator, data) => {
  const { id, baseVersion, policy, reason } = readRequest(data, readSetPolicy);
  const ref = dependencies.paths.policy(id);
  if (policy === undefined) {
    return act(dependencies, operator, async (tx): Promise<ActOutcome> => {
      const stored = (await tx.get(ref)).data();
      if (!stored) return { done: null };
      checkBase(baseVersion, versionOf(stored));
      tx.delete(ref);
      return { done: { act: 'delete-policy', target: ref.path, reason, before: stored } };
    });
  }
  const draft = drafted(readPolicyDraft, policy, { field: 'policy', baseVersion });
  return act(dependencies, operator, (tx) =>
    setVersioned(tx, ref, { draft, baseVersion, act: 'set-policy', reason }),
  );
};

/**
 * Writes the price of a model. What is written twice is written once. Throws {@link Refusal}: `invalid` naming the
 * field, `conflict`, `contention`.
 */
export const setLivePrice: AdminHandler = async (dependencies, operator, data) => {
  const { model, baseVersion, price, reason } = readRequest(data, readSetPrice);
  const ref = dependencies.paths.price(model);
  const draft = drafted(readPriceDraft, price, { field: 'price', baseVersion });
  return act(dependencies, operator, (tx) =>
    setVersioned(tx, ref, { draft, baseVersion, act: 'set-price', reason }),
  );
};

/**
 * Writes a template's next version, as the current one and among the versions, which never change: a session goes on
 * with the version it began with. What is written twice is written once. Throws {@link Refusal}: `invalid` naming the
 * field, `conflict`, `contention`.
 */
export const setLiveTemplate: AdminHandler = async (dependencies, operator, data) => {
  const { id, baseVersion, template, reason } = readRequest(data, readSetTemplate);
  // Narrower than the ids of other documents: `id@version` and a page's choice name it.
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(id))
    throw new Refusal('invalid', 'The id of a template is 1 to 64 of A-Z a-z 0-9 _ -', { field: 'id' });
  const draft = drafted(readTemplateDraft, template, { field: 'template', baseVersion });
  if (draft.setup.sessionResumption !== undefined) {
    throw new Refusal('invalid', 'Resumption belongs to a connection, not to a template.', {
      field: 'setup.sessionResumption',
    });
  }
  return act(dependencies, operator, (tx) =>
    setNextVersion(tx, dependencies.paths, { id, draft, baseVersion, reason }),
  );
};

async function setVersioned(
  tx: Transaction,
  ref: DocumentReference,
  order: {
    readonly draft: object;
    readonly baseVersion: number;
    readonly act: AuditAct;
    readonly reason: string;
  },
): Promise<ActOutcome> {
  const { draft, baseVersion, reason } = order;
  const stored = (await tx.get(ref)).data();
  const current = versionOf(stored);
  if (isSame(stored, draft)) return { done: null, version: current };
  checkBase(baseVersion, current);
  const written = { ...draft, version: current + 1 };
  tx.set(ref, written);
  return {
    done: { act: order.act, target: ref.path, reason, before: stored, after: written },
    version: written.version,
  };
}

async function setNextVersion(
  tx: Transaction,
  paths: LivePaths,
  order: {
    readonly id: string;
    readonly draft: LiveTemplateDocument;
    readonly baseVersion: number;
    readonly reason: string;
  },
): Promise<ActOutcome> {
  const { id, draft, baseVersion, reason } = order;
  const ref = paths.template(id);
  const stored = (await tx.get(ref)).data();
  const current = versionOf(stored);
  if (isSame(stored, draft)) return { done: null, version: current };
  checkBase(baseVersion, current);
  const isPutAside = current === 0 || (await tx.get(paths.templateVersion(id, current))).exists;
  const version = await freeVersion(tx, paths, { id, from: current + 1 });
  const written = { ...draft, version };
  // One that was written by hand stands in one place only: sessions that began with it still need it.
  if (stored && !isPutAside) tx.create(paths.templateVersion(id, current), stored);
  tx.create(paths.templateVersion(id, version), written);
  tx.set(ref, written);
  return { done: { act: 'set-template', target: ref.path, reason, before: stored, after: written }, version };
}

/** The next number that no version has: the current document may have been deleted, its versions stay. */
async function freeVersion(
  tx: Transaction,
  paths: LivePaths,
  { id, from }: { readonly id: string; readonly from: number },
): Promise<number> {
  let version = from;
  while ((await tx.get(paths.templateVersion(id, version))).exists) version += 1;
  return version;
}

/** Reads a draft under the version that an edit of `baseVersion` makes, and checks that Firestore can hold it. */
function drafted<T extends object>(
  read: (value: unknown, version: number) => T,
  value: unknown,
  { field, baseVersion }: { readonly field: string; readonly baseVersion: number },
): T {
  const draft = readDraft(() => read(value, baseVersion + 1));
  for (const [path, each] of Object.entries(draft)) checkStorable(each, { path, maxBytes: DOCUMENT_BYTES });
  checkStorable(draft, { path: field, maxBytes: DOCUMENT_BYTES });
  return draft;
}

/** The same but for its version. A document that nobody can read is like no draft. */
function isSame(stored: unknown, draft: object): boolean {
  return isDeepStrictEqual({ ...Object(stored), version: 0 }, { ...draft, version: 0 });
}

/** 0 for none, and for one that was written by hand without a version. */
function versionOf(stored: Readonly<Record<string, unknown>> | undefined): number {
  const version = stored?.version;
  return typeof version === 'number' && Number.isSafeInteger(version) && version > 0 ? version : 0;
}

function checkBase(baseVersion: number, current: number): void {
  if (baseVersion === current) return;
  throw new Refusal(
    'conflict',
    `Version ${baseVersion} was edited, and ${current === 0 ? 'there is none' : `it is ${current}`} by now; look at it and edit that.`,
    { field: 'baseVersion' },
  );
}
