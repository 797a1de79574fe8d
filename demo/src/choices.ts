/**
 * What a person may choose before a talk. Wishes all: the policy decides, and refuses by name what it does not grant.
 * @module
 */
import { DEFAULT_LIVE_MODEL, liveModel, VOICES, type VoiceName } from '@livegate/protocol';

/**
 * The templates this page offers: documents of `liveTemplates`. What they tell the model stays on the server;
 * the page knows their names only.
 */
export const TEMPLATES = [
  { id: 'demo-spoken', title: 'A spoken answer', about: 'Say something and hear an answer.' },
  { id: 'demo-echo', title: 'Repeat what I say', about: 'Hear your own words again. Best with headphones.' },
  {
    id: 'demo-tools',
    title: 'Use the page’s tools',
    about:
      'Ask for another colour of this page, or for the time in Tokyo. The model calls functions of the page.',
  },
] as const;

/** The models this page offers: some of those that the policy lists. */
export const MODELS = [DEFAULT_LIVE_MODEL, 'gemini-3.8-live-extended-thinking'] as const;

/**
 * Languages to speak in, BCP 47. Source: the list of Vertex AI's page on the Live API, read 2026-11-21. Models of
 * today find the language by themselves; one that is named is a wish.
 */
const LANGUAGES =
  'ar-EG bn-BD de-DE en-IN en-US es-US fr-FR hi-IN id-ID it-IT ja-JP ko-KR mr-IN nl-NL pl-PL pt-BR ro-RO ru-RU ta-IN te-IN th-TH tr-TR uk-UA vi-VN'.split(
    ' ',
  );

/** What the user chose to talk to. An empty text leaves it to template and model. */
export interface TalkChoice {
  readonly template: string;
  readonly model: string;
  readonly voice: VoiceName | '';
  readonly language: string;
  readonly modality: 'audio' | 'text';
  /** Nothing is sent but while a button is held. */
  readonly pushToTalk: boolean;
}

/** What a newcomer starts with. */
export const FIRST_CHOICE: TalkChoice = {
  template: TEMPLATES[0].id,
  model: DEFAULT_LIVE_MODEL,
  voice: 'Puck',
  language: '',
  modality: 'audio',
  pushToTalk: false,
};

/** The same talk without a wish: nothing in it is the page's to ask for, so no policy refuses it. */
export function withoutWishes({ template }: TalkChoice): TalkChoice {
  return { ...FIRST_CHOICE, template, voice: '' };
}

/** Every voice with its character, in alphabetical order. */
export const VOICE_CHOICES: readonly { readonly name: VoiceName; readonly character: string }[] =
  Object.entries(VOICES)
    .map(([name, character]) => ({ name: name as VoiceName, character }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));

const names = new Intl.DisplayNames(['en'], { type: 'language' });
/** Every language by its name, in alphabetical order. */
export const LANGUAGE_CHOICES: readonly { readonly code: string; readonly name: string }[] = LANGUAGES.map(
  (code) => ({ code, name: names.of(code) ?? code }),
).sort((a, b) => a.name.localeCompare(b.name, 'en'));

/** What is to be known of text from this model; `undefined` where it writes by itself. */
export function textRemark(model: string): string | undefined {
  if (liveModel(model)?.modalities.includes('TEXT')) return undefined;
  return 'This model answers in sound only: what you read is its transcript, and it is billed as sound.';
}
