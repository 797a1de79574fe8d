import { useEffect, useRef, useState } from 'preact/hooks';
import { Notice } from '../views/notice.tsx';
import { type ChartLook, readLook } from './chart-look.ts';

type Charts = typeof import('./cost-chart.ts');

interface CostCanvasProps {
  /** The picture in words. */
  readonly words: string;
  /** Names what is drawn: another one draws anew. */
  readonly of: string;
  readonly draw: (charts: Charts, canvas: HTMLCanvasElement, look: ChartLook) => { destroy(): void };
  readonly tall?: boolean;
}

/** A chart: a picture with a text in its place, drawn in the colours of the moment and anew when they change. */
export function CostCanvas({ words, of, draw, tall = false }: CostCanvasProps) {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [charts, setCharts] = useState<Charts | 'failed' | null>(null);
  const look = useChangingLook();
  useEffect(() => {
    let isShown = true;
    import('./cost-chart.ts').then(
      (loaded) => isShown && setCharts(loaded),
      () => isShown && setCharts('failed'),
    );
    return () => {
      isShown = false;
    };
  }, []);
  useEffect(() => {
    const [within, on] = [frame.current, canvas.current];
    if (charts === null || charts === 'failed' || within === null || on === null) return;
    const chart = draw(charts, on, readLook(within));
    return () => chart.destroy();
  }, [charts, of, look]);
  if (charts === 'failed')
    return (
      <Notice tone="warn" title="No chart" testId="chart-failed">
        A part of the page could not be loaded. The table below has every figure.
      </Notice>
    );
  return (
    <div ref={frame} class={tall ? 'chart tall' : 'chart'} aria-busy={charts === null}>
      <canvas ref={canvas} role="img" aria-label={words} data-testid="cost-chart">
        {words}
      </canvas>
    </div>
  );
}

/** Counts how often the colour scheme or the wish for calm changed. */
function useChangingLook(): number {
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    const queries = ['(prefers-color-scheme: dark)', '(prefers-reduced-motion: reduce)'].map((query) =>
      matchMedia(query),
    );
    const changed = () => setChanges((count) => count + 1);
    for (const query of queries) query.addEventListener('change', changed);
    return () => {
      for (const query of queries) query.removeEventListener('change', changed);
    };
  }, []);
  return changes;
}
