import { useEffect, useRef } from 'preact/hooks';

interface LevelMeterProps {
  readonly label: string;
  readonly testId: string;
  /** Reads the level, 0 to 1; asked for every frame while `active`. */
  readonly read: () => number;
  readonly active: boolean;
}

/** A level, drawn every frame without drawing the page again. */
export function LevelMeter({ label, testId, read, active }: LevelMeterProps) {
  const meter = useRef<HTMLMeterElement>(null);
  useEffect(() => {
    if (!active) return;
    let shown = 0;
    let frame = requestAnimationFrame(function draw() {
      const level = read();
      // Up at once, down slowly: what an eye expects of a meter.
      shown = level > shown ? level : shown * 0.9;
      if (meter.current) meter.current.value = shown;
      frame = requestAnimationFrame(draw);
    });
    return () => {
      cancelAnimationFrame(frame);
      if (meter.current) meter.current.value = 0;
    };
  }, [active, read]);
  return (
    <label class="level">
      <span>{label}</span>
      {/* No `value` here: drawing the page again would set it back. */}
      <meter ref={meter} min={0} max={1} data-testid={testId} />
    </label>
  );
}
