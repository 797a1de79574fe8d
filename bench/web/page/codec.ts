/**
 * The page that measures how fast sound goes into messages and out of them.
 * @module
 */
import { livegateCodec } from './codec-livegate.ts';

/** From PCM to the text of a message, and back from such a text. */
export interface Codec {
  encode(pcm: Uint8Array<ArrayBuffer>): string;
  decode(text: string): Int16Array;
}

interface VoiceMessage {
  readonly serverContent: {
    readonly modelTurn: {
      readonly parts: readonly {
        readonly inlineData?: { readonly mimeType: string; readonly data: string };
      }[];
    };
  };
}

/** The data of a message's first sound. */
function soundIn(text: string): string {
  const { serverContent } = JSON.parse(text) as VoiceMessage;
  const part = serverContent.modelTurn.parts.find(({ inlineData }) =>
    inlineData?.mimeType.startsWith('audio/'),
  );
  return part?.inlineData?.data ?? '';
}

const codecs: Readonly<Record<'firebase' | 'genai' | 'livegate', Codec>> = {
  // What its audio conversation does on the main thread (@firebase/ai 2.16.0).
  firebase: {
    encode(pcm) {
      const data = btoa(String.fromCharCode.apply(null, Array.from(pcm)));
      return JSON.stringify({ realtimeInput: { audio: { mimeType: 'audio/pcm', data } } });
    },
    decode: (text) =>
      new Int16Array(Uint8Array.from(atob(soundIn(text)), (each) => each.charCodeAt(0)).buffer),
  },
  // What the bench's own console-like sound does.
  genai: {
    encode(pcm) {
      let binary = '';
      for (const byte of pcm) binary += String.fromCharCode(byte);
      return JSON.stringify({
        realtimeInput: { audio: { mimeType: 'audio/pcm;rate=16000', data: btoa(binary) } },
      });
    },
    decode(text) {
      const binary = atob(soundIn(text));
      const bytes = new Uint8Array(binary.length);
      for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
      return new Int16Array(bytes.buffer);
    },
  },
  livegate: livegateCodec,
};

const ENCODED_BYTES = 640;
const DECODED_BYTES = 1_920;
/** So many different pieces that they do not stay in the caches near the processor. */
const PIECES = 3_000;
const LEAST_MS = 150;

/** Pieces of noise. */
function noise(bytes: number): readonly Uint8Array<ArrayBuffer>[] {
  return Array.from({ length: PIECES }, () => crypto.getRandomValues(new Uint8Array(bytes)));
}

/** Texts as a socket hands them over: each flat and its own. */
function messagesOf(pieces: readonly Uint8Array<ArrayBuffer>[]): readonly string[] {
  return pieces.map((piece) => {
    const data = btoa(String.fromCharCode(...piece));
    const inlineData = { mimeType: 'audio/pcm;rate=24000', data };
    const text = JSON.stringify({ serverContent: { modelTurn: { role: 'model', parts: [{ inlineData }] } } });
    return new TextDecoder().decode(new TextEncoder().encode(text));
  });
}

let sink = 0;

/** Megabytes of PCM a second. */
function speed<T>(pieces: readonly T[], bytes: number, work: (piece: T) => number): number {
  const begin = performance.now();
  let done = 0;
  let ms = 0;
  do {
    for (const piece of pieces) sink += work(piece);
    done += pieces.length;
    ms = performance.now() - begin;
  } while (ms < LEAST_MS);
  return (done * bytes) / 1_000 / ms;
}

/** MB/s of each module. */
export type CodecFigures = Readonly<
  Record<keyof typeof codecs, { readonly encode: number; readonly decode: number }>
>;

declare global {
  interface Window {
    benchCodec(order: readonly (keyof typeof codecs)[]): CodecFigures & { readonly sink: number };
  }
}

window.benchCodec = (order) => {
  const pieces = noise(ENCODED_BYTES);
  const texts = messagesOf(noise(DECODED_BYTES));
  const figures = order.map((name) => {
    const { encode, decode } = codecs[name];
    // What is wrong may be as fast as it likes.
    const isWhole = texts.every((text) => decode(text).length === DECODED_BYTES / 2);
    if (!isWhole || pieces.some((piece) => !encode(piece).includes(btoa(String.fromCharCode(...piece)))))
      throw new Error(`${name} does not do its work.`);
    const work = {
      // Asking for a character makes V8 join what was merely put side by side.
      encode: (piece: Uint8Array<ArrayBuffer>) => {
        const text = encode(piece);
        return text.charCodeAt(text.length >> 1);
      },
      decode: (text: string) => decode(text)[0] ?? 0,
    };
    // Once over, so that everything is compiled.
    speed(pieces, ENCODED_BYTES, work.encode);
    speed(texts, DECODED_BYTES, work.decode);
    return [
      name,
      {
        encode: speed(pieces, ENCODED_BYTES, work.encode),
        decode: speed(texts, DECODED_BYTES, work.decode),
      },
    ];
  });
  return { ...(Object.fromEntries(figures) as CodecFigures), sink };
};
