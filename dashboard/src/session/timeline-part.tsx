import type { LiveSessionDocument } from '@livegate/protocol';
import { useMemo, useState } from 'preact/hooks';
import { countText, momentText } from '../format.ts';
import { Moment } from '../views/moment.tsx';
import { Notice } from '../views/notice.tsx';
import { Part, Scrolling } from './part.tsx';
import { pictureOf } from './picture-layout.ts';
import { type TimelineEntry, timelineOf } from './timeline.ts';
import { TimelinePicture } from './timeline-picture.tsx';
import type { ToldLine } from './told-lines.ts';
import type { Batches } from './use-batches.ts';

/** Entries that are shown at first. Ours: what one reads, and what the page draws without a pause. */
const SHOWN = 150;

interface TimelinePartProps {
  readonly session: LiveSessionDocument;
  readonly lines: readonly ToldLine[];
  readonly closedAt: number | null;
  /** `null` for a viewer, who may not list them. */
  readonly batches: Batches | null;
  readonly nowMs: number;
}

/** The course of the session: a picture, and the same as a list. */
export function TimelinePart({ session, lines, closedAt, batches, nowMs }: TimelinePartProps) {
  const [all, setAll] = useState(false);
  // What is over does not move: the picture is laid out anew only while something goes on.
  const pictureNow = session.open ? nowMs : Math.min(nowMs, session.deadAt + 1);
  const picture = useMemo(
    () => pictureOf({ session, lines, nowMs: pictureNow }),
    [session, lines, pictureNow],
  );
  const entries = timelineOf({ session, lines, closedAt, nowMs });
  const shown = all ? entries : entries.slice(0, SHOWN);
  return (
    <Part id="timeline" title="Timeline" wide>
      <TimelinePicture
        picture={picture}
        label={`The talk from ${momentText(picture.from, nowMs)} to ${momentText(picture.to, nowMs)} on one axis of time; the list that follows says the same.`}
      />
      <Scrolling label="The timeline as a list">
        <ol class="timeline" data-testid="timeline">
          {shown.map((entry) => (
            <Entry key={entry.id} entry={entry} began={session.createdAt} nowMs={nowMs} />
          ))}
        </ol>
      </Scrolling>
      {shown.length < entries.length && (
        <button type="button" data-testid="timeline-all" onClick={() => setAll(true)}>
          Show all {countText(entries.length)} entries
        </button>
      )}
      <MoreLines session={session} batches={batches} />
      <p class="muted note">
        Leases and ends are what the functions wrote. All else is what the pages told, by the server’s clock
        as they reckon it.
      </p>
    </Part>
  );
}

interface EntryProps {
  readonly entry: TimelineEntry;
  readonly began: number;
  readonly nowMs: number;
}

function Entry({ entry, began, nowMs }: EntryProps) {
  const { kind, tone, title, detail, connection, at, ahead } = entry;
  return (
    <li
      class={ahead ? `line ${tone} ahead` : `line ${tone}`}
      data-kind={kind}
      data-connection={connection ?? undefined}
    >
      <span class="line-time">
        <Moment ms={at} nowMs={nowMs} /> <span class="muted">{sinceText(at - began)}</span>
      </span>
      <span class="wrap">
        <span class="line-title">{title}</span>
        {connection !== null && <span class="muted"> · connection {connection}</span>}
        {ahead && <span class="muted"> · to come</span>}
        {detail !== null && <span class="under">{detail}</span>}
      </span>
    </li>
  );
}

/** `+1:05`, or `+0.4 s` in the first seconds. */
function sinceText(ms: number): string {
  if (Math.abs(ms) < 10_000) return `${ms < 0 ? '−' : '+'}${(Math.abs(ms) / 1_000).toFixed(1)} s`;
  const seconds = Math.round(Math.abs(ms) / 1_000);
  const clock = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [hours = 0, ...rest] = clock;
  const text = (hours > 0 ? clock : rest).map((part, index) =>
    index === 0 ? String(part) : String(part).padStart(2, '0'),
  );
  return `${ms < 0 ? '−' : '+'}${text.join(':')}`;
}

function MoreLines({ session, batches }: Pick<TimelinePartProps, 'session' | 'batches'>) {
  if (batches === null) {
    if (!(session.toldBytes > 0)) return null;
    return (
      <p class="note" data-testid="timeline-forbidden">
        More was told: {countText(Math.ceil(session.toldBytes / 1_000))} kB in batches beside the session.
        What people said may stand in them, so admins alone may list them.
      </p>
    );
  }
  const { watched, retry } = batches.first;
  if (watched.kind === 'failed')
    return (
      <Notice tone="bad" title="More of the timeline cannot be shown" testId="batches-error">
        <p>{watched.problem}</p>
        <button type="button" onClick={retry}>
          Try again
        </button>
      </Notice>
    );
  if (batches.problem !== null)
    return (
      <Notice tone="bad" title="No more could be loaded" testId="batches-error">
        <p>{batches.problem}</p>
        <button type="button" onClick={batches.loadMore}>
          Try again
        </button>
      </Notice>
    );
  if (!batches.more) return null;
  return (
    <button type="button" data-testid="load-more" disabled={batches.loading} onClick={batches.loadMore}>
      {batches.loading ? 'Loading…' : 'Load more'}
    </button>
  );
}
