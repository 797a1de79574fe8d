import type { LiveUserAnswer } from '@livegate/protocol';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useOperator } from '../operator.ts';
import { BlockDialog } from './block-dialog.tsx';
import { EraseDialog } from './erase-dialog.tsx';
import { RaiseDialog } from './raise-dialog.tsx';
import { TierDialog } from './tier-dialog.tsx';

/** What the dialog of an act on a user is given. */
export interface UserActProps {
  readonly user: LiveUserAnswer;
  /** Epoch ms: when their last known token dies; `null` where none is alive. */
  readonly tokensDieAt: number | null;
  readonly nowMs: number;
  /** Called with what came of it, in words, before the dialog closes. */
  readonly onDone: (words: ComponentChildren) => void;
  readonly onClose: () => void;
}

const DIALOGS = { block: BlockDialog, tier: TierDialog, raise: RaiseDialog };

/** What an admin can do about a user; a viewer is told who can. */
export function UserActs(props: Omit<UserActProps, 'onClose'>) {
  const { role } = useOperator();
  const { user } = props;
  // As they stood when it was opened: what somebody else does meanwhile must not turn the act into its opposite.
  const [opened, setOpened] = useState<{
    readonly act: keyof typeof DIALOGS;
    readonly user: LiveUserAnswer;
  } | null>(null);
  const setOpen = (act: keyof typeof DIALOGS) => setOpened({ act, user });
  if (role !== 'admin')
    return (
      <p class="muted note" data-testid="acts-denied">
        Blocking, tiers, minutes for a day and erasing are for admins. Your role is viewer.
      </p>
    );
  const Open = opened === null ? null : DIALOGS[opened.act];
  const noAccount = user.account === null;
  return (
    <div class="actions">
      <button
        type="button"
        disabled={user.erasing}
        title={user.erasing ? 'Being erased: blocked until that is done' : undefined}
        data-testid="act-block"
        onClick={() => setOpen('block')}
      >
        {user.blocked === null ? 'Block…' : 'Let in again…'}
      </button>
      <button
        type="button"
        disabled={noAccount || user.erasing}
        title={noAccount ? 'The account is gone' : undefined}
        data-testid="act-tier"
        onClick={() => setOpen('tier')}
      >
        Set the tier…
      </button>
      <button
        type="button"
        disabled={noAccount || user.erasing}
        title={noAccount ? 'The account is gone' : undefined}
        data-testid="act-raise"
        onClick={() => setOpen('raise')}
      >
        Give minutes for today…
      </button>
      <EraseAct uid={user.uid} onDone={props.onDone} />
      {Open !== null && opened !== null && (
        <Open {...props} user={opened.user} onClose={() => setOpened(null)} />
      )}
    </div>
  );
}

interface EraseActProps {
  readonly uid: string;
  readonly onDone: UserActProps['onDone'];
}

/** The one act that needs neither an account nor a quota: sessions may be kept of somebody who has none. */
export function EraseAct({ uid, onDone }: EraseActProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="danger" data-testid="act-erase" onClick={() => setOpen(true)}>
        Erase…
      </button>
      {isOpen && <EraseDialog uid={uid} onDone={onDone} onClose={() => setOpen(false)} />}
    </>
  );
}
