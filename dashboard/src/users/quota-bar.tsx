import type { UserWindow } from '@livegate/protocol';
import { minutesText, shareText } from '../money.ts';
import { Moment } from '../views/moment.tsx';

interface QuotaBarProps {
  readonly name: string;
  readonly window: UserWindow;
  readonly nowMs: number;
  readonly note?: string;
  readonly testId: string;
}

/** Minutes that were leased in a window, beside its limit. */
export function QuotaBar({ name, window, nowMs, note, testId }: QuotaBarProps) {
  const { usedSeconds, limitSeconds, resetsAt } = window;
  const used = minutesText(usedSeconds);
  const text = limitSeconds === null ? `${used}, no limit` : `${used} of ${minutesText(limitSeconds)}`;
  return (
    <div class="quota">
      <div class="quota-line">
        <span class="quota-name">{name}</span>
        <span data-testid={testId} data-used={usedSeconds} data-limit={limitSeconds ?? ''}>
          {text}
          {limitSeconds !== null && limitSeconds > 0 && ` (${shareText(usedSeconds, limitSeconds)})`}
        </span>
      </div>
      {limitSeconds !== null && (
        <meter
          aria-label={`${name}: ${text}`}
          min={0}
          max={Math.max(limitSeconds, 1)}
          low={limitSeconds * 0.8}
          high={limitSeconds * 0.95}
          optimum={0}
          value={Math.min(usedSeconds, limitSeconds)}
        />
      )}
      <span class="muted note">
        Begins anew <Moment ms={resetsAt} nowMs={nowMs} />
        {note !== undefined && ` · ${note}`}
      </span>
    </div>
  );
}
