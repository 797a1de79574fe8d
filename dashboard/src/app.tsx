import { signOut } from 'firebase/auth';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { type Access, refreshAccess, signInProblem, watchAccess } from './access.ts';
import { type Services, signInWithGoogle, signInWithPassword } from './firebase.ts';
import { OperatorContext } from './operator.ts';
import type { PageConfig } from './page-config.ts';
import { Shell } from './shell/shell.tsx';
import { Denied } from './views/denied.tsx';
import { Header } from './views/header.tsx';
import { SignIn } from './views/sign-in.tsx';

interface AppProps {
  readonly services: Services;
  readonly operator: PageConfig['operator'];
}

/** The whole page: a sign-in, a refusal, or what operators see. */
export function App({ services: { auth, db, acts }, operator: seeded }: AppProps) {
  const [access, setAccess] = useState<Access>({ kind: 'checking' });
  useEffect(() => watchAccess(auth, setAccess), [auth]);
  const operator = useMemo(
    () =>
      access.kind === 'granted' ? { uid: access.uid, name: access.name, role: access.role, db, acts } : null,
    [access, db, acts],
  );
  const leave = () => void signOut(auth);

  return (
    <>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <Header access={access} onSignOut={leave} />
      {access.kind === 'checking' && (
        <main id="main" class="alone">
          <p class="muted" role="status">
            Checking who you are…
          </p>
        </main>
      )}
      {access.kind === 'signed-out' && (
        <SignIn
          operator={seeded}
          onPassword={(email, password) => told(signInWithPassword(auth, email, password))}
          onGoogle={() => told(signInWithGoogle(auth))}
        />
      )}
      {access.kind === 'denied' && (
        <Denied name={access.name} onCheckAgain={() => refreshAccess(auth)} onSignOut={leave} />
      )}
      {operator !== null && (
        <OperatorContext.Provider value={operator}>
          <Shell />
        </OperatorContext.Provider>
      )}
    </>
  );
}

/** A sign-in that answers with its problem in words instead of throwing. */
async function told(attempt: Promise<void>): Promise<string | undefined> {
  return attempt.then(
    () => undefined,
    (error: unknown) => signInProblem(error),
  );
}
