import { useState } from 'preact/hooks';
import { ActError } from '../acts.ts';
import { useOperator } from '../operator.ts';
import { userPath } from '../places.ts';
import { useDocument } from '../use-watched.ts';
import { ActDialog } from '../views/act-dialog.tsx';
import { Notice } from '../views/notice.tsx';
import { States } from '../views/states.tsx';
import { type OperatorRow, operatorRows } from './operators.ts';
import { rolesDocument } from './queries.ts';

type Role = OperatorRow['role'];

/** Who may look and who may act, and for admins the way to change it. */
export function OperatorList() {
  const { db, role, uid: own } = useOperator();
  const [asking, setAsking] = useState<{ readonly uid: string; readonly role: Role } | null>(null);
  const roles = useDocument(
    'roles',
    () => rolesDocument(db),
    (_, data) => operatorRows(data),
  );
  const isAdmin = role === 'admin';
  return (
    <>
      <States
        of={roles}
        noun="operators"
        testId="operators"
        isEmpty={(rows) => rows === null || rows.length === 0}
        empty={{
          title: 'Nobody is listed',
          text: 'Roles that were given as claims by hand are not in the list; give them here once more.',
        }}
      >
        {(rows) => (
          <table class="sessions plain-rows" data-testid="operators">
            <caption class="unseen">Operators and their roles.</caption>
            <thead>
              <tr>
                <th scope="col">User</th>
                <th scope="col">Role</th>
                {isAdmin && <th scope="col">Change</th>}
              </tr>
            </thead>
            <tbody>
              {(rows ?? []).map((row) => (
                <tr key={row.uid} data-testid={`operator-${row.uid}`}>
                  <td class="wrap">
                    <a href={userPath(row.uid)} class="mono">
                      {row.uid}
                    </a>
                    {row.uid === own && <span class="under">you</span>}
                  </td>
                  <td data-label="Role">
                    {row.role ?? 'none'}
                    {row.isPending && (
                      <span class="under">on its way to the account; ask again if it stays so</span>
                    )}
                  </td>
                  {isAdmin && (
                    <td data-label="Change">
                      <span class="actions">
                        {(['admin', 'viewer', null] as const)
                          .filter((each) => each !== row.role || row.isPending)
                          .map((each) => (
                            <button
                              key={each ?? 'none'}
                              type="button"
                              class="small"
                              aria-label={`${wordsFor(each)}: ${row.uid}`}
                              onClick={() => setAsking({ uid: row.uid, role: each })}
                            >
                              {wordsFor(each)}
                            </button>
                          ))}
                      </span>
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </States>
      {isAdmin ? (
        <GiveRole onAsk={(uid, given) => setAsking({ uid, role: given })} />
      ) : (
        <p class="muted">Only admins give and take roles.</p>
      )}
      {asking !== null && <RoleDialog {...asking} own={own} onClose={() => setAsking(null)} />}
    </>
  );
}

const wordsFor = (role: Role): string =>
  role === null ? 'Take the role' : role === 'admin' ? 'Make admin' : 'Make viewer';

function GiveRole({ onAsk }: { readonly onAsk: (uid: string, role: Role) => void }) {
  const { acts } = useOperator();
  const [who, setWho] = useState('');
  const [role, setRole] = useState<'viewer' | 'admin'>('viewer');
  const [isLooking, setLooking] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const named = who.trim();
  const ask = async () => {
    setProblem(null);
    if (!named.includes('@')) return onAsk(named, role);
    setLooking(true);
    try {
      onAsk((await acts.call('readLiveUser', { email: named })).uid, role);
    } catch (error) {
      setProblem(error instanceof ActError ? error.message : 'The user could not be looked up.');
    }
    setLooking(false);
  };
  return (
    <form
      class="give-role"
      onSubmit={(event) => {
        event.preventDefault();
        if (named !== '') void ask();
      }}
    >
      <label>
        User id or e-mail
        <input
          type="text"
          value={who}
          autocomplete="off"
          data-testid="role-who"
          onInput={(event) => setWho(event.currentTarget.value)}
        />
      </label>
      <label>
        Role
        <select
          value={role}
          data-testid="role-choice"
          onChange={(event) => setRole(event.currentTarget.value === 'admin' ? 'admin' : 'viewer')}
        >
          <option value="viewer">viewer: looks</option>
          <option value="admin">admin: looks and acts</option>
        </select>
      </label>
      <button type="submit" disabled={named === '' || isLooking} data-testid="role-give">
        {isLooking ? 'Looking them up…' : 'Give the role…'}
      </button>
      {problem !== null && (
        <Notice tone="bad" title="Nobody was found" testId="role-problem">
          {problem}
        </Notice>
      )}
    </form>
  );
}

interface RoleDialogProps {
  readonly uid: string;
  readonly role: Role;
  readonly own: string;
  readonly onClose: () => void;
}

function RoleDialog({ uid, role, own, onClose }: RoleDialogProps) {
  const { acts } = useOperator();
  return (
    <ActDialog
      title={`${wordsFor(role)}?`}
      verb={wordsFor(role)}
      dangerous={role === null}
      testId="role-dialog"
      onClose={onClose}
      onAct={async (reason) => {
        await acts.call('setLiveRole', { uid, reason, ...(role === null ? {} : { role }) });
      }}
    >
      <p class="wrap">
        <code>{uid}</code>
      </p>
      {role === 'admin' && (
        <p>Admins read transcripts and the audit, write policies, block users, and make other admins.</p>
      )}
      {role === 'viewer' && <p>Viewers see sessions, figures and settings. They cannot act.</p>}
      {role === null && (
        <p>
          Every sign-in of theirs ends; an ID token that is out lets them look for up to an hour, and act no
          more.
        </p>
      )}
      {role !== 'admin' && uid === own && (
        <p>
          <strong>This is you.</strong> You cannot take this back yourself. The last admin stays one.
        </p>
      )}
      {role !== null && <p class="muted">It counts from their next sign-in, or when they check again.</p>}
    </ActDialog>
  );
}
