import { useState } from 'preact/hooks';

interface DeniedProps {
  readonly name: string;
  readonly onCheckAgain: () => Promise<void>;
  readonly onSignOut: () => void;
}

/** For someone who is signed in and has no role: says so, shows nothing, reads nothing. */
export function Denied({ name, onCheckAgain, onSignOut }: DeniedProps) {
  const [checking, setChecking] = useState(false);
  const check = () => {
    setChecking(true);
    void onCheckAgain().finally(() => setChecking(false));
  };
  return (
    <main id="main" class="alone">
      <section class="card form" role="alert" data-testid="denied">
        <h1>No access</h1>
        <p>
          <strong class="wrap">{name}</strong> is signed in but is not an operator of this project.
        </p>
        <p class="muted">
          An admin can give you the role <em>viewer</em> or <em>admin</em>. It counts from your next sign-in,
          or when you check again.
        </p>
        <div class="actions">
          <button type="button" class="primary" disabled={checking} onClick={check}>
            {checking ? 'Checking…' : 'Check again'}
          </button>
          <button type="button" data-testid="sign-out" onClick={onSignOut}>
            Sign out
          </button>
        </div>
      </section>
    </main>
  );
}
