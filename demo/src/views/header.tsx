import type { User } from 'firebase/auth';
import { IS_EMULATOR } from '../page-config.ts';

interface HeaderProps {
  readonly user: User | null;
  readonly onSignIn: () => void;
  readonly onSignOut: () => void;
}

/** Brand, and who is signed in. */
export function Header({ user, onSignIn, onSignOut }: HeaderProps) {
  return (
    <header class="top">
      <div class="brand">
        <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
          <rect width="32" height="32" rx="8" />
          <path d="M8 14v4M13.300 9.500v13M18.700 12v8M24 14.500v3" />
        </svg>
        <span class="brand-name">Livegate</span>
        {IS_EMULATOR && <span class="pill">Emulator</span>}
      </div>
      <div class="who">
        {user === null ? (
          <button type="button" data-testid="sign-in" onClick={onSignIn}>
            {IS_EMULATOR ? 'Sign in as a guest' : 'Sign in with Google'}
          </button>
        ) : (
          <>
            <span class="muted" data-testid="user" data-uid={user.uid} title={user.uid}>
              {user.isAnonymous ? 'Guest' : (user.email ?? 'Signed in')}
            </span>
            <button type="button" class="plain" data-testid="sign-out" onClick={onSignOut}>
              Sign out
            </button>
          </>
        )}
      </div>
    </header>
  );
}
