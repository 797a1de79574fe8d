import { useEffect, useMemo, useState } from 'preact/hooks';
import { type CompareLines, type DiffLine, diffLines } from '../diff-lines.ts';
import { Notice } from './notice.tsx';

interface DiffViewProps {
  /** A document or any other JSON; `null` and `undefined` for none. */
  readonly before: unknown;
  readonly after: unknown;
  readonly testId?: string;
}

/** Longest comparison in ms; past it both documents are shown whole. Ours. */
const PATIENCE_MS = 500;

async function loadCompare(): Promise<CompareLines> {
  const { diffArrays } = await import('diff');
  return (before, after) => diffArrays([...before], [...after], { timeout: PATIENCE_MS });
}

/** What changed between two documents, line by line: signs and words say it, colours repeat it. All of it is text. */
export function DiffView({ before, after, testId = 'diff' }: DiffViewProps) {
  const [compare, setCompare] = useState<CompareLines | 'failed' | null>(null);
  useEffect(() => {
    let isShown = true;
    loadCompare().then(
      (loaded) => isShown && setCompare(() => loaded),
      () => isShown && setCompare('failed'),
    );
    return () => {
      isShown = false;
    };
  }, []);
  const lines = useMemo(
    () => (typeof compare === 'function' ? diffLines(before, after, compare) : []),
    [before, after, compare],
  );
  if (compare === null)
    return (
      <p class="muted" role="status" aria-busy="true">
        Comparing…
      </p>
    );
  if (compare === 'failed')
    return (
      <Notice tone="bad" title="The comparison cannot be shown" testId={`${testId}-error`}>
        A part of the page could not be loaded. Check the connection and reload the page.
      </Notice>
    );
  if (lines.length === 0)
    return (
      <p class="muted" data-testid={`${testId}-same`}>
        Nothing differs.
      </p>
    );
  return (
    <ol class="diff" data-testid={testId}>
      {lines.map((line, place) => (
        <Line key={place} line={line} />
      ))}
    </ol>
  );
}

function Line({ line }: { readonly line: DiffLine }) {
  if (line.kind === 'gap') return <li class="gap">… {line.count} lines as before</li>;
  if (line.kind === 'same') return <li>{line.text}</li>;
  return (
    <li class={line.kind}>
      <span class="unseen">{line.kind === 'added' ? 'Added: ' : 'Removed: '}</span>
      {line.kind === 'added' ? <ins>{line.text}</ins> : <del>{line.text}</del>}
    </li>
  );
}
