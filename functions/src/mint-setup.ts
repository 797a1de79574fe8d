/**
 * The setup of a session's next token: from the request at its start, from its document later.
 * @module
 */
import type { LiveSessionDocument, LiveTemplateDocument, MintStart } from '@livegate/protocol';
import type { Caller, ChosenPolicy } from './caller.ts';
import { Refusal } from './refusal.ts';
import { MOST_TOKENS_OF_A_SESSION } from './session-document.ts';
import { notOwner } from './session-id.ts';
import type { SettingsSource } from './settings.ts';
import { type BuiltSetup, buildSetup } from './setup-builder.ts';
import { checkStorable } from './storable.ts';
import { templateOf, templateVersion } from './template-choice.ts';

/** Most JSON of what a page may wish for, in bytes. Ours: room for many function declarations. */
const SETUP_BYTES = 64_000;

/** A session's start: what it is locked to, and what it was asked with. */
export interface SetupOfStart {
  readonly built: BuiltSetup;
  readonly template: LiveTemplateDocument | null;
  readonly request: MintStart;
}

/** Builds the setup of a start. Throws {@link Refusal}: `backend`, `no-template`, `invalid`, or what `buildSetup` throws. */
export async function setupOfStart(
  settings: SettingsSource,
  { policy }: ChosenPolicy,
  request: MintStart,
): Promise<SetupOfStart> {
  const { template: choice = null, setup: wishes = {}, model } = request;
  checkStorable(wishes, { path: 'setup', maxBytes: SETUP_BYTES });
  if (!policy.backends.includes(request.backend ?? 'google-ai'))
    throw new Refusal('backend', 'The policy does not allow this backend.', { field: 'backend' });
  if (!choice && policy.templateRequired) {
    throw new Refusal('no-template', 'The policy wants a template; name one in options.live.template.', {
      field: 'template',
    });
  }
  if (choice && policy.templates !== 'any' && !policy.templates.includes(choice.id))
    throw new Refusal('no-template', 'The policy does not allow this template.', { field: 'template.id' });
  const template = await templateOf(settings, choice);
  return { template, request, built: buildSetup({ policy, template, model, wishes, fresh: false }) };
}

/** The setup of a session that goes on: what was asked at its start, under the policy of today. */
export async function setupOfMore(
  settings: SettingsSource,
  { policy }: ChosenPolicy,
  { session, fresh }: { readonly session: LiveSessionDocument; readonly fresh: boolean },
): Promise<BuiltSetup> {
  const { asked, model } = session;
  const template = await templateOf(settings, asked.template, templateVersion(session.template));
  return buildSetup({ policy, template, model, wishes: asked.setup, fresh });
}

/** A session that may have one more token. Throws {@link Refusal} where it may not. */
export function goingOn(session: LiveSessionDocument | null, { uid }: Caller): LiveSessionDocument {
  if (!session) throw new Refusal('no-session', 'There is no such session.');
  if (session.uid !== uid) throw notOwner();
  if (session.state === 'revoked') throw new Refusal('revoked', 'This session was ended by an operator.');
  if (!session.open) throw new Refusal('session-over', 'This session is over; start a new one.');
  if (Object.keys(session.leases).length >= MOST_TOKENS_OF_A_SESSION)
    throw new Refusal('session-over', 'This session has had its share of tokens; start a new one.');
  return session;
}
