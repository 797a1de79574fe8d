import { useEffect, useState } from 'preact/hooks';
import { clockNow } from './clock.ts';

/** The time, in epoch ms by the server's clock, anew every `everyMs`. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(clockNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(clockNow()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
