import { useState } from 'preact/hooks';
import { useOperator } from '../operator.ts';
import { useDocument, type Watching } from '../use-watched.ts';
import { ActDialog } from '../views/act-dialog.tsx';
import { Notice } from '../views/notice.tsx';
import { States } from '../views/states.tsx';
import { type LiveConfig, liveConfigOf, NO_CONFIG } from './live-config.ts';
import { configDocument } from './queries.ts';

/** Watches the project's switches and bounds: one read. `null` stands for a project without the document. */
export function useLiveConfig(): Watching<LiveConfig | null> {
  const { db } = useOperator();
  return useDocument(
    'config',
    () => configDocument(db),
    (_, data) => liveConfigOf(data),
  );
}

/** Whether mints are let through, and for admins the switch, which asks before it does anything. */
export function KillSwitch({ of }: { readonly of: Watching<LiveConfig | null> }) {
  const { role, acts } = useOperator();
  const [asking, setAsking] = useState<boolean | null>(null);
  return (
    <States of={of} noun="switch" testId="kill-switch">
      {(config) => {
        const { killSwitch: on, unreadable } = config ?? NO_CONFIG;
        return (
          <div class="switch" data-testid="kill-switch" data-on={on}>
            <p class="switch-state">
              <span class={on ? 'badge revoked' : 'badge active'} data-testid="kill-switch-state">
                {on ? 'Refusing' : 'Minting'}
              </span>{' '}
              {on
                ? 'Every mint is refused. Talks end when their tokens do.'
                : 'Tokens are minted as the policies say.'}
            </p>
            {unreadable !== null && (
              <Notice tone="bad" title="The functions cannot read liveConfig/global">
                Every mint is refused until <code>{unreadable}</code> is mended: save caps and alerts anew.
              </Notice>
            )}
            {role === 'admin' ? (
              <button
                type="button"
                class={on ? 'primary' : 'danger'}
                data-testid="kill-switch-act"
                onClick={() => setAsking(!on)}
              >
                {on ? 'Let mints through again' : 'Refuse every mint'}
              </button>
            ) : (
              <p class="muted">Only admins can switch.</p>
            )}
            {asking !== null && (
              <ActDialog
                title={asking ? 'Refuse every mint?' : 'Let mints through again?'}
                verb={asking ? 'Refuse every mint' : 'Let mints through'}
                dangerous={asking}
                testId="kill-switch-dialog"
                onClose={() => setAsking(null)}
                onAct={async (reason) => {
                  await acts.call('setKillSwitch', { on: asking, reason });
                }}
              >
                {asking ? (
                  <p>
                    Nobody gets a token any more: at once on new instances of the functions, within a minute
                    on warm ones. Talks that go on are told so at their next report; a token that is out stays
                    valid until it expires, since none can be called back.
                  </p>
                ) : (
                  <p>Users get tokens again as their policies say, within a minute.</p>
                )}
              </ActDialog>
            )}
          </div>
        );
      }}
    </States>
  );
}
