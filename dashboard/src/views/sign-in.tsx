import { useState } from 'preact/hooks';
import { IS_EMULATOR, type PageConfig } from '../page-config.ts';

interface SignInProps {
  /** The seeded operator of emulator builds, filled in. */
  readonly operator: PageConfig['operator'];
  /** Resolves with the problem in words, or `undefined` once signed in. */
  readonly onPassword: (email: string, password: string) => Promise<string | undefined>;
  readonly onGoogle: () => Promise<string | undefined>;
}

/** Sign-in for operators: address and password everywhere, Google where there is a Google. */
export function SignIn({ operator, onPassword, onGoogle }: SignInProps) {
  const [email, setEmail] = useState(operator?.email ?? '');
  const [password, setPassword] = useState(operator?.password ?? '');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const attempt = async (signIn: () => Promise<string | undefined>) => {
    setBusy(true);
    setProblem(undefined);
    setProblem(await signIn());
    setBusy(false);
  };

  return (
    <main id="main" class="alone">
      <form
        class="card form"
        aria-labelledby="sign-in-title"
        onSubmit={(event) => {
          event.preventDefault();
          void attempt(() => onPassword(email.trim(), password));
        }}
      >
        <h1 id="sign-in-title">Sign in</h1>
        <p class="muted">For operators of this project: sessions, usage and quotas.</p>
        <label>
          E-mail
          <input
            type="email"
            autocomplete="username"
            required
            data-testid="email"
            value={email}
            aria-describedby={problem === undefined ? undefined : 'sign-in-problem'}
            onInput={(event) => setEmail(event.currentTarget.value)}
          />
        </label>
        <label>
          Password
          <input
            type="password"
            autocomplete="current-password"
            required
            data-testid="password"
            value={password}
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
        </label>
        <p id="sign-in-problem" class="problem" role="alert" data-testid="sign-in-problem">
          {problem}
        </p>
        <div class="actions">
          <button type="submit" class="primary" data-testid="sign-in" disabled={busy}>
            {busy ? 'Signing in…' : 'Sign in'}
          </button>
          {!IS_EMULATOR && (
            <button
              type="button"
              data-testid="sign-in-google"
              disabled={busy}
              onClick={() => attempt(onGoogle)}
            >
              Sign in with Google
            </button>
          )}
        </div>
        {IS_EMULATOR && (
          <p class="hint">
            Local accounts only: <code>npm start</code> printed one that is an admin.
          </p>
        )}
      </form>
    </main>
  );
}
