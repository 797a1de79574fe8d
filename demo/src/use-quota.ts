import type { QuotaAnswer } from '@livegate/protocol';
import { useEffect, useState } from 'preact/hooks';
import type { Services } from './firebase.ts';

/** What the signed-in user has left, read once per user; `null` until it is known, and where it cannot be read. */
export function useQuota(readQuota: Services['readQuota'], uid: string | undefined): QuotaAnswer | null {
  const [answer, setAnswer] = useState<QuotaAnswer | null>(null);
  useEffect(() => {
    setAnswer(null);
    if (uid === undefined) return;
    let isMine = true;
    // For display only: without it the page says what the last token left.
    readQuota().then(
      (read) => isMine && setAnswer(read),
      () => {},
    );
    return () => {
      isMine = false;
    };
  }, [readQuota, uid]);
  return answer;
}
