/**
 * How @livegate/web puts sound into messages and takes it out: the two functions that its worker runs for each, taken
 * from its source because no page needs them.
 * @module
 */
import { audioWire } from '../../../web/src/audio-wire.ts';
import { soundOfFrame } from '../../../web/src/sound-of-frame.ts';
import type { Codec } from './codec.ts';

/** 16 kHz PCM into a message, 24 kHz PCM out of one. */
export const livegateCodec: Codec = {
  encode: audioWire,
  decode(text) {
    const [command] = soundOfFrame(text);
    return command?.kind === 'play' ? command.samples : new Int16Array(0);
  },
};
