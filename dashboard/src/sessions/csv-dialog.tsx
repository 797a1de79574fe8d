import { useEffect, useRef, useState } from 'preact/hooks';
import { countText, usdText } from '../format.ts';

import { useOperator } from '../operator.ts';
import { Dialog } from '../views/dialog.tsx';
import { Notice } from '../views/notice.tsx';
import { readProblem } from '../watched.ts';
import { type CsvFile, download, exportSessions, FILE_ROWS_LIMIT, READS_A_ROW } from './csv-export.ts';
import { COUNT_LIMIT } from './queries.ts';
import type { SessionFilter } from './session-filter.ts';

interface CsvDialogProps {
  readonly filter: SessionFilter;
  /** How many match, to `COUNT_LIMIT` at most; `undefined` where that is not known. */
  readonly count: number | undefined;
  readonly onClose: () => void;
}

/**
 * Millionths of a dollar for a read, in a multi-region such as nam5. Source: firebase.google.com/docs/firestore/pricing,
 * $0.06 for 100,000, read 2026-11-21; it may have changed.
 */
const MICRO_USD_A_READ = 0.6;

type Making =
  | { readonly kind: 'asking' }
  | { readonly kind: 'reading'; readonly rows: number }
  | { readonly kind: 'failed'; readonly problem: string }
  | { readonly kind: 'done'; readonly file: CsvFile };

/** Says what the file will hold and cost, makes it, and hands it over. */
export function CsvDialog({ filter, count, onClose }: CsvDialogProps) {
  const { db } = useOperator();
  const [making, setMaking] = useState<Making>({ kind: 'asking' });
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []);
  const isKnown = count !== undefined && count < COUNT_LIMIT;
  const most = isKnown ? count : FILE_ROWS_LIMIT;

  const make = async () => {
    const controller = new AbortController();
    stop.current = controller;
    setMaking({ kind: 'reading', rows: 0 });
    try {
      const file = await exportSessions(db, {
        filter,
        signal: controller.signal,
        onProgress: (rows) => {
          if (!controller.signal.aborted) setMaking({ kind: 'reading', rows });
        },
      });
      download(file, `livegate-sessions-${new Date().toISOString().slice(0, 16).replace(':', '-')}.csv`);
      setMaking({ kind: 'done', file });
    } catch (error) {
      if (controller.signal.aborted) setMaking({ kind: 'asking' });
      else setMaking({ kind: 'failed', problem: readProblem(error) });
    }
  };

  return (
    <Dialog title="CSV of these sessions" testId="csv-dialog" onClose={onClose}>
      <div class="dialog-text">
        <p data-testid="csv-cost">
          {isKnown ? `About ${countText(most)} sessions` : `At most ${countText(FILE_ROWS_LIMIT)} sessions`}:{' '}
          {isKnown ? 'about' : 'up to'} {countText(most * READS_A_ROW)} document reads,{' '}
          {usdText(most * READS_A_ROW * MICRO_USD_A_READ)} by the list price of a multi-region.
        </p>
        <p class="muted">
          A file holds {countText(FILE_ROWS_LIMIT)} sessions at most: narrow the filter for other parts. Times
          are UTC. A cell that would begin a formula begins with an apostrophe.
        </p>
        {making.kind === 'reading' && (
          <label>
            <span role="status" data-testid="csv-progress">
              {countText(making.rows)} sessions read
            </span>
            <progress class="progress" max={Math.max(most, 1)} value={Math.min(making.rows, most)} />
          </label>
        )}
        {making.kind === 'failed' && (
          <Notice tone="bad" title="No file was made" testId="csv-error">
            {making.problem}
          </Notice>
        )}
        {making.kind === 'done' && (
          <Notice tone="info" title="The file is in your downloads" testId="csv-done">
            {countText(making.file.rows)} sessions.
            {making.file.isCut && ` There are more: it ends at ${countText(FILE_ROWS_LIMIT)}.`}
            {making.file.leftOut > 0 &&
              ` ${countText(making.file.leftOut)} could not be read and are not in it.`}
          </Notice>
        )}
        <div class="actions">
          {making.kind === 'reading' ? (
            <button type="button" data-testid="csv-cancel" onClick={() => stop.current?.abort()}>
              Cancel
            </button>
          ) : (
            <>
              <button
                type="button"
                class="primary"
                data-testid="csv-start"
                disabled={count === 0}
                onClick={() => void make()}
              >
                {making.kind === 'done' ? 'Make it again' : 'Make the file'}
              </button>
              <button type="button" onClick={onClose}>
                Close
              </button>
            </>
          )}
        </div>
      </div>
    </Dialog>
  );
}
