/**
 * How often and how large pictures are sent. Pure.
 * @module
 */
import { AIError } from './errors.ts';

/** Pictures a second unless the page asks for others: as many as the Live API takes in, live-protocol, 2026-11. */
const FRAMES_PER_SECOND = 1;
const MOST_FRAMES_PER_SECOND = 10;
/** Longest side in pixels: a tile of the model's is 768 wide. */
const LONGEST_SIDE = 768;
const QUALITY = 0.8;

/** How pictures are sent. */
export interface VideoSettings {
  /** Pictures a second: above 0, to 10. 1 if unset, which is what the Live API looks at. */
  readonly framesPerSecond?: number;
  /** Longest side in pixels, 64 to 4,096; larger pictures are made smaller. 768 if unset. */
  readonly longestSide?: number;
  /** JPEG's, above 0, to 1. 0.8 if unset. */
  readonly quality?: number;
}

/** The settings, all of them. Throws {@link AIError} `request-error` where one is out of bounds. */
export function videoSettings(asked: VideoSettings): Required<VideoSettings> {
  const { framesPerSecond = FRAMES_PER_SECOND, longestSide = LONGEST_SIDE, quality = QUALITY } = asked;
  if (!(framesPerSecond > 0 && framesPerSecond <= MOST_FRAMES_PER_SECOND))
    throw new AIError('request-error', 'framesPerSecond is a number above 0, to 10.');
  if (!(longestSide >= 64 && longestSide <= 4_096))
    throw new AIError('request-error', 'longestSide is a number from 64 to 4,096.');
  if (!(quality > 0 && quality <= 1))
    throw new AIError('request-error', 'quality is a number above 0, to 1.');
  return { framesPerSecond, longestSide, quality };
}

/** The size to draw a picture at: its own shape, never larger than it is. Whole pixels. */
export function fittingSize(
  { width, height }: { readonly width: number; readonly height: number },
  longestSide: number,
): { readonly width: number; readonly height: number } {
  const share = Math.min(1, longestSide / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * share)), height: Math.max(1, Math.round(height * share)) };
}
