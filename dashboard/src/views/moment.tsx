import { momentText, utcText } from '../format.ts';

/** A moment in the viewer's zone, with UTC in its tooltip. Both in epoch ms. */
export function Moment({ ms, nowMs }: { readonly ms: number; readonly nowMs: number }) {
  return (
    <time dateTime={new Date(ms).toISOString()} title={utcText(ms)}>
      {momentText(ms, nowMs)}
    </time>
  );
}
