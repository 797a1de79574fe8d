/**
 * The page's tools: functions that the model may call. The template `demo-tools` declares them to the model; what
 * they do stands here.
 * @module
 */
import type { LiveTools } from '@livegate/web';

/** Colours that the page has; `styles/colours.css` says how they look, in light and in dark. */
export const COLOURS = ['blue', 'green', 'violet', 'amber', 'rose'] as const;
/** One of {@link COLOURS}. */
export type Colour = (typeof COLOURS)[number];

/** How long a colour takes to fade in, in ms. */
const FADE_MS = 400;

/**
 * By name, as `openAudioConversation` takes them. Each answers an object; what one throws is told to the model as
 * `{ error }`, and the talk goes on.
 */
export const TOOLS: LiveTools = {
  set_theme_colour: {
    run: async (args, { signal }) => {
      const colour = colourIn(args);
      const { dataset } = document.documentElement;
      const before = dataset.colour ?? COLOURS[0];
      dataset.colour = colour;
      // The model is answered once the colour is there: it speaks of what can be seen.
      await new Promise((resolve) => setTimeout(resolve, FADE_MS));
      // Nobody waits for it any more: the user cut in, or the talk is over.
      if (signal.aborted) dataset.colour = before;
      return { colour };
    },
    timeoutMs: 5_000,
  },
  get_time_in_zone: { run: (args) => timeIn(textIn(args, 'zone'), new Date()) },
};

/** The colour that a call asks for. Throws `RangeError` for one that the page has not. */
export function colourIn(args: object): Colour {
  const asked = textIn(args, 'colour');
  const colour = COLOURS.find((each) => each === asked.toLowerCase());
  if (colour === undefined) throw new RangeError(`The page has the colours ${COLOURS.join(', ')}.`);
  return colour;
}

/** What a clock in a zone of the IANA database shows at `now`. Throws `RangeError` for what is no zone. */
export function timeIn(zone: string, now: Date): { readonly zone: string; readonly time: string } {
  const time = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'long',
    hour: '2-digit',
    minute: '2-digit',
  });
  return { zone, time: time.format(now) };
}

/** Arguments are the model's: they may hold anything. */
function textIn(args: object, name: string): string {
  const value: unknown = Object.getOwnPropertyDescriptor(args, name)?.value;
  if (typeof value !== 'string') throw new TypeError(`${name} must be a text.`);
  return value;
}
