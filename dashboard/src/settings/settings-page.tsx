import { useNow } from '../hooks.ts';
import { useOperator } from '../operator.ts';
import { useList } from '../use-watched.ts';
import { KillSwitch, useLiveConfig } from './kill-switch.tsx';
import { LimitsForm } from './limits-form.tsx';
import { OperatorList } from './operator-list.tsx';
import { latestChangesQuery } from './queries.ts';
import { SETTING_KINDS } from './setting-kinds.ts';
import { SettingList } from './setting-list.tsx';
import { type SettingChange, settingChange } from './version-entries.ts';

/** What operators write: policies, templates, prices, the switches, and who the operators are. */
export function SettingsPage() {
  const { role } = useOperator();
  const nowMs = useNow(60_000);
  const config = useLiveConfig();
  return (
    <main id="main" class="view" data-testid="settings">
      <div class="heading">
        <h1>Settings</h1>
        {role !== 'admin' && (
          <span class="muted" data-testid="viewer-notice">
            Your role is viewer: you can look, and an admin can change.
          </span>
        )}
      </div>
      {role === 'admin' ? <ChangedLists nowMs={nowMs} /> : <Lists nowMs={nowMs} changes={[]} />}
      <section class="card group" aria-labelledby="switch-title">
        <h2 id="switch-title">Kill switch</h2>
        <KillSwitch of={config} />
      </section>
      <section class="card group" aria-labelledby="limits-title">
        <h2 id="limits-title">Caps and alerts</h2>
        <LimitsForm of={config} />
      </section>
      <section class="card group" aria-labelledby="operators-title">
        <h2 id="operators-title">Operators</h2>
        <OperatorList />
      </section>
    </main>
  );
}

function ChangedLists({ nowMs }: { readonly nowMs: number }) {
  const { db } = useOperator();
  const { watched } = useList(
    'latest changes',
    () => latestChangesQuery(db),
    (_, data) => settingChange(data),
  );
  return <Lists nowMs={nowMs} changes={watched.kind === 'ready' ? watched.value.rows : []} />;
}

function Lists(props: { readonly nowMs: number; readonly changes: readonly SettingChange[] }) {
  return (
    <>
      {SETTING_KINDS.map((kind) => (
        <SettingList key={kind} kind={kind} {...props} />
      ))}
    </>
  );
}
