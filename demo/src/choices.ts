import { VOICES, type VoiceName } from '@livegate/protocol';

/**
 * The templates this page offers: documents of `liveTemplates`. What they tell the model stays on the server;
 * the page knows their names only.
 */
export const TEMPLATES = [
  { id: 'demo-spoken', title: 'A spoken answer', about: 'Say something and hear an answer.' },
  { id: 'demo-echo', title: 'Repeat what I say', about: 'Hear your own words again. Best with headphones.' },
] as const;

/** What the user chose to talk to. */
export interface TalkChoice {
  readonly template: string;
  readonly voice: VoiceName;
}

/** What a newcomer starts with. */
export const FIRST_CHOICE: TalkChoice = { template: TEMPLATES[0].id, voice: 'Puck' };

/** Every voice with its character, in alphabetical order. */
export const VOICE_CHOICES: readonly { readonly name: VoiceName; readonly character: string }[] =
  Object.entries(VOICES)
    .map(([name, character]) => ({ name: name as VoiceName, character }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));
