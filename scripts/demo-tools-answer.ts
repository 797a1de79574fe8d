/**
 * What the Live emulator answers in the demo where the page has tools: it calls one, and says what came of it.
 * @module
 */
import type { Answer, AnswerContext, ToolRequest, UserTurn } from '@livegate/emulator';

/** Cities that people name, and their zones. */
const ZONES: Readonly<Record<string, string>> = {
  berlin: 'Europe/Berlin',
  london: 'Europe/London',
  'new york': 'America/New_York',
  paris: 'Europe/Paris',
  sydney: 'Australia/Sydney',
  tokyo: 'Asia/Tokyo',
};
const COLOURS = ['green', 'violet', 'amber', 'rose', 'blue'] as const;

/** The setup declares the demo's tools. */
export function hasDemoTools({ setup }: Pick<AnswerContext, 'setup'>): boolean {
  return (setup.tools ?? []).some(({ functionDeclarations = [] }) =>
    functionDeclarations.some(({ name }) => name === 'set_theme_colour'),
  );
}

/**
 * The answer to a turn in a session with the demo's tools. Words about time ask for the time, all others for a colour;
 * speech, which nobody here recognises, for the one and the other in turns.
 */
export function demoToolsAnswer({ index, text, functionResponses }: UserTurn): Answer {
  const [done] = functionResponses ?? [];
  if (done) return [{ text: outcome(done.name, done.response ?? {}) }];
  const isTime = text === undefined ? index % 2 === 1 : /time|clock|late/i.test(text);
  return [{ toolCall: isTime ? timeCall(text) : colourCall(index, text) }];
}

function timeCall(text = ''): ToolRequest {
  const zone = /[A-Za-z_]+\/[A-Za-z_]+/.exec(text)?.[0];
  const city = Object.keys(ZONES).find((name) => text.toLowerCase().includes(name)) ?? 'tokyo';
  return { name: 'get_time_in_zone', args: { zone: zone ?? ZONES[city] ?? 'UTC' } };
}

function colourCall(index: number, text = ''): ToolRequest {
  const named = COLOURS.find((each) => text.toLowerCase().includes(each));
  return { name: 'set_theme_colour', args: { colour: named ?? COLOURS[index % COLOURS.length] ?? 'green' } };
}

function outcome(name: string, response: object): string {
  if ('error' in response) return 'That did not work.';
  if (name === 'get_time_in_zone' && 'time' in response && 'zone' in response)
    return `It is ${String(response.time)} in ${String(response.zone)}.`;
  return 'colour' in response ? `The page is ${String(response.colour)} now.` : 'Done.';
}
