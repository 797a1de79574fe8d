import { LIST_PRICES, LIVE_MODELS } from '@livegate/protocol';
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useReducer, useState } from 'preact/hooks';
import { useLocation, useRoute } from 'preact-iso';
import { useNow } from '../hooks.ts';
import { useOperator } from '../operator.ts';
import { settingPath } from '../places.ts';
import { useDocument, useList } from '../use-watched.ts';
import { States } from '../views/states.tsx';
import { draftOf, versionOf } from './draft.ts';
import { beginEdit, type EditEvent, type Editing, isDirty, nextEdit, type Stored } from './editing.ts';
import { policyGroups } from './policy-fields.ts';
import { priceGroups } from './price-fields.ts';
import { SETTINGS_PAGE, type SettingKind, settingDocument, settingsQuery } from './queries.ts';
import { DeletePolicyDialog } from './setting-dialogs.tsx';
import { SettingEditor } from './setting-editor.tsx';
import { blankDraft, idProblem, KINDS, settingKind } from './setting-kinds.ts';
import { templateGroups } from './template-fields.ts';
import { Versions } from './versions.tsx';

const DAY_MS = 86_400_000;
const dayOf = (nowMs: number): string => new Date(nowMs).toISOString().slice(0, 10);
const NOTHING: Stored = { version: 0, draft: null };

const ID_HELP = {
  policies:
    'Who gets it: “default” everybody without another one; a sign-in provider (password, anonymous, google.com) those who signed in so; any other name those who have it as their tier.',
  templates: 'What a page asks for: 1 to 64 of A-Z a-z 0-9 _ -.',
  prices: 'Id of the model, without models/.',
} as const satisfies Readonly<Record<SettingKind, string>>;

const KNOWN_IDS = {
  policies: ['default', 'password', 'anonymous', 'google.com'],
  templates: [],
  prices: Object.keys(LIVE_MODELS),
} as const satisfies Readonly<Record<SettingKind, readonly string[]>>;

/** One policy, template or price, or a new one. */
export function SettingPage() {
  const { params } = useRoute();
  const kind = settingKind(params.kind);
  const { id } = params;
  if (kind === undefined || id === undefined)
    return (
      <main id="main" class="view" data-testid="nowhere">
        <h1>Nothing here</h1>
        <p>
          Settings are policies, templates and prices. <a href="/settings">Go to Settings.</a>
        </p>
      </main>
    );
  return (
    <main id="main" class="view" key={`${kind}/${id}`} data-testid="setting">
      <p>
        <a href="/settings">Settings</a> › {KINDS[kind].title}
      </p>
      <WithTemplates kind={kind}>
        {(templates) =>
          id === 'new' ? (
            <NewSetting kind={kind} templates={templates} />
          ) : (
            <KnownSetting kind={kind} id={id} templates={templates} />
          )
        }
      </WithTemplates>
    </main>
  );
}

/** The form of a kind; a policy's offers the templates there are. */
function useGroups(kind: SettingKind, templates: readonly string[]) {
  const nowMs = useNow(60_000);
  const day = Math.floor(nowMs / DAY_MS) * DAY_MS;
  const names = templates.join(' ');
  const groups = useMemo(() => {
    if (kind === 'templates') return templateGroups();
    if (kind === 'prices') return priceGroups();
    return policyGroups({ nowMs: day, templates: names === '' ? [] : names.split(' ') });
  }, [kind, day, names]);
  return { groups, nowMs };
}

/** Hands on the ids of the first templates, where a policy is edited: its form offers them. */
function WithTemplates(props: {
  readonly kind: SettingKind;
  readonly children: (templates: readonly string[]) => ComponentChildren;
}) {
  return <>{props.kind === 'policies' ? <ReadTemplates {...props} /> : props.children([])}</>;
}

function ReadTemplates({
  children,
}: {
  readonly children: (templates: readonly string[]) => ComponentChildren;
}) {
  const { db } = useOperator();
  const { watched } = useList(
    'template ids',
    () => settingsQuery(db, 'templates', SETTINGS_PAGE),
    (id) => id,
  );
  return <>{children(watched.kind === 'ready' ? watched.value.rows : [])}</>;
}

interface NewSettingProps {
  readonly kind: SettingKind;
  readonly templates: readonly string[];
}

function NewSetting({ kind, templates }: NewSettingProps) {
  const { route, query } = useLocation();
  const { role } = useOperator();
  const { groups, nowMs } = useGroups(kind, templates);
  const [id, setId] = useState(query.id ?? '');
  const [editing, send] = useReducer(nextEdit, null, () =>
    beginEdit(NOTHING, blankDraft(kind, { id, today: dayOf(nowMs) })),
  );
  const { noun, id: idName } = KINDS[kind];
  const wrong = idProblem(kind, id);
  const isListed = kind === 'prices' && Object.hasOwn(LIST_PRICES, id);
  return (
    <>
      <h1>New {noun}</h1>
      <section class="card group" aria-label={idName}>
        <div class={wrong === undefined || id === '' ? 'field' : 'field wrong'}>
          <label class="field-name" for="field-id">
            {idName}
          </label>
          <p class="help" id="id-help">
            {ID_HELP[kind]}
          </p>
          <input
            id="field-id"
            type="text"
            value={id}
            readOnly={role !== 'admin'}
            autocomplete="off"
            list="known-ids"
            aria-describedby="id-help id-problem"
            data-testid="input-id"
            onInput={(event) => setId(event.currentTarget.value)}
          />
          <datalist id="known-ids">
            {KNOWN_IDS[kind].map((each) => (
              <option key={each} value={each} />
            ))}
          </datalist>
          <p class="field-problem" id="id-problem" data-testid="problem-id">
            {id === '' ? '' : wrong}
          </p>
          {isListed && (
            <button
              type="button"
              data-testid="list-price"
              onClick={() => send({ kind: 'edited', draft: blankDraft(kind, { id, today: dayOf(nowMs) }) })}
            >
              Fill in the list price
            </button>
          )}
        </div>
      </section>
      <SettingEditor
        kind={kind}
        id={id}
        idProblem={wrong}
        groups={groups}
        editing={editing}
        onEvent={send}
        nowMs={nowMs}
        onSaved={() => route(settingPath(kind, id), true)}
      />
    </>
  );
}

function KnownSetting({ kind, id, templates }: NewSettingProps & { readonly id: string }) {
  const { db, role } = useOperator();
  const { route } = useLocation();
  const { groups, nowMs } = useGroups(kind, templates);
  const stored = useDocument(
    `${kind}/${id}`,
    () => settingDocument(db, kind, id),
    (_, data): Stored => ({ version: versionOf(data), draft: draftOf(data) }),
  );
  // Held here and not below what may fail: a listener that breaks must not take a draft with it.
  const [editing, setEditing] = useState<Editing | null>(null);
  const [isDeleting, setDeleting] = useState(false);
  const { watched } = stored;
  useEffect(() => {
    if (watched.kind !== 'ready') return;
    const now = watched.value ?? NOTHING;
    setEditing((held) =>
      held === null ? beginEdit(now, {}) : nextEdit(held, { kind: 'stored', stored: now }),
    );
  }, [watched]);
  const send = (event: EditEvent) => setEditing((held) => (held === null ? null : nextEdit(held, event)));
  const { noun } = KINDS[kind];
  const current = editing?.current;
  return (
    <>
      <div class="heading">
        <h1 class="wrap">{id}</h1>
        {current !== undefined && current.draft !== null && (
          <span class="muted" data-testid="setting-version">
            {noun}, version {current.version}
          </span>
        )}
        {kind === 'policies' && role === 'admin' && current !== undefined && current.draft !== null && (
          <button type="button" class="small" data-testid="delete" onClick={() => setDeleting(true)}>
            Delete…
          </button>
        )}
      </div>
      {(editing === null || watched.kind !== 'ready' || watched.offline) && (
        <States of={stored} noun={noun} testId="setting">
          {() => null}
        </States>
      )}
      {editing !== null && editing.base.draft === null && !isDirty(editing) && (
        <div class="card blank" data-testid="setting-empty">
          <p class="blank-title">There is no {noun} of this name</p>
          {role === 'admin' && (
            <p>
              <a class="button primary" href={`/settings/${kind}/new?id=${encodeURIComponent(id)}`}>
                Write it
              </a>
            </p>
          )}
        </div>
      )}
      {editing !== null && (editing.base.draft !== null || isDirty(editing)) && (
        <SettingEditor
          kind={kind}
          id={id}
          groups={groups}
          editing={editing}
          onEvent={send}
          nowMs={nowMs}
          onSaved={() => undefined}
        />
      )}
      {editing !== null && (
        <Versions
          kind={kind}
          id={id}
          current={editing.current.draft}
          nowMs={nowMs}
          onRestore={(draft) => {
            send({ kind: 'edited', draft });
            document.getElementById('main')?.scrollIntoView();
          }}
        />
      )}
      {isDeleting && current !== undefined && (
        <DeletePolicyDialog
          id={id}
          baseVersion={current.version}
          onDeleted={() => route('/settings')}
          onClose={() => setDeleting(false)}
        />
      )}
    </>
  );
}
