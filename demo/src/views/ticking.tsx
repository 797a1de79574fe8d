import { useEffect, useRef } from 'preact/hooks';

interface TickingProps {
  /** Reads the text, once a second. */
  readonly read: () => string;
  readonly testId: string;
}

/** A text that changes every second, without drawing the page again and without a screen reader hearing of it. */
export function Ticking({ read, testId }: TickingProps) {
  const place = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const draw = (): void => {
      if (place.current) place.current.textContent = read();
    };
    draw();
    const timer = setInterval(draw, 1_000);
    return () => clearInterval(timer);
  }, [read]);
  return <span ref={place} aria-live="off" data-testid={testId} />;
}
