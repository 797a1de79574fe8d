/**
 * Keeps only those rows of a long table in the document that are on screen, or nearly.
 * @module
 */
import {
  observeWindowOffset,
  observeWindowRect,
  type VirtualItem,
  Virtualizer,
  windowScroll,
} from '@tanstack/virtual-core';
import { useLayoutEffect, useReducer, useRef } from 'preact/hooks';

/** What to render. */
export interface VirtualRows {
  /** The rows, by their place in the list. */
  readonly items: readonly VirtualItem[];
  /** Room for the rows before and after them, in px. */
  readonly before: number;
  readonly after: number;
  /** For the element whose first child the rows are. */
  readonly body: { current: HTMLTableSectionElement | null };
  /** For every row's element, which also bears its place as `data-index`. */
  readonly measure: (element: Element | null) => void;
}

/** What is known of the rows. */
export interface VirtualRowsOptions {
  readonly count: number;
  /** Height of a row until it was measured, in px; the same for as long as the rows are shown. */
  readonly estimate: number;
  /** The same row has the same key, wherever it stands. Another function makes all places be reckoned anew. */
  readonly keyOf: (index: number) => string;
}

/** Rows that are rendered beyond the edges of the screen: the next ones the keyboard goes to are among them. */
const OVERSCAN = 8;

/**
 * Height of a row, in px: what the browser tells of it once it has laid the row out. Until then what is known or
 * estimated: to ask for it would have the page laid out for each row that comes.
 */
function heightOf(
  element: Element,
  entry: ResizeObserverEntry | undefined,
  { indexFromElement, measurementsCache, options }: Virtualizer<Window, Element>,
): number {
  const told = entry?.borderBoxSize[0]?.blockSize;
  if (told !== undefined) return Math.round(told);
  const index = indexFromElement(element);
  return measurementsCache[index]?.size ?? options.estimateSize(index);
}

/** Follows the scrolling of the window. */
export function useVirtualRows({ count, estimate, keyOf }: VirtualRowsOptions): VirtualRows {
  const [, render] = useReducer<number, void>((times) => times + 1, 0);
  const body = useRef<HTMLTableSectionElement>(null);
  const margin = useRef(0);
  const estimateSize = useRef(() => estimate);
  const options = {
    count,
    estimateSize: estimateSize.current,
    getItemKey: keyOf,
    overscan: OVERSCAN,
    scrollMargin: margin.current,
    getScrollElement: () => window,
    observeElementRect: observeWindowRect,
    observeElementOffset: observeWindowOffset,
    scrollToFn: windowScroll<Window>,
    measureElement: heightOf,
    initialOffset: () => window.scrollY,
    onChange: () => render(),
  };
  const held = useRef<Virtualizer<Window, Element>>(undefined);
  held.current ??= new Virtualizer<Window, Element>(options);
  const virtualizer = held.current;
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => {
    virtualizer._willUpdate();
    // What stands above the table comes and goes; to look while rows fly by would lay the page out twice a frame.
    if (virtualizer.isScrolling) return;
    const top = (body.current?.getBoundingClientRect().top ?? 0) + window.scrollY;
    if (Math.abs(top - margin.current) < 1) return;
    margin.current = top;
    render();
  });
  const items = virtualizer.getVirtualItems();
  const first = items[0];
  const last = items.at(-1);
  return {
    items,
    before: first === undefined ? 0 : first.start - margin.current,
    after: last === undefined ? 0 : virtualizer.getTotalSize() - (last.end - margin.current),
    body,
    measure: virtualizer.measureElement,
  };
}
