import { momentText, NONE, utcText } from '../format.ts';

/** A moment in the viewer's zone, with UTC in its tooltip. Both in epoch ms; one that no calendar has is none. */
export function Moment({ ms, nowMs }: { readonly ms: number; readonly nowMs: number }) {
  if (!(Math.abs(ms) <= 8.64e15)) return <span>{NONE}</span>;
  return (
    <time dateTime={new Date(ms).toISOString()} title={utcText(ms)}>
      {momentText(ms, nowMs)}
    </time>
  );
}
