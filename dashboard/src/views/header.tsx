import type { Access } from '../access.ts';
import { IS_EMULATOR } from '../page-config.ts';

interface HeaderProps {
  readonly access: Access;
  readonly onSignOut: () => void;
}

/** Brand, where the data comes from, and who is signed in. */
export function Header({ access, onSignOut }: HeaderProps) {
  return (
    <header class="top">
      <div class="brand">
        <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
          <rect width="32" height="32" rx="8" />
          <path d="M8 14v4M13.300 9.500v13M18.700 12v8M24 14.500v3" />
        </svg>
        <span class="brand-name">Livegate</span>
        {IS_EMULATOR && (
          <span class="pill" title="Everything on this page lives in the local emulators.">
            Emulator
          </span>
        )}
      </div>
      {access.kind === 'granted' && (
        <div class="who">
          <span class="who-name" title={access.name}>
            {access.name}
          </span>
          <span class="pill quiet" data-testid="role">
            {access.role}
          </span>
          <button type="button" class="plain" data-testid="sign-out" onClick={onSignOut}>
            Sign out
          </button>
        </div>
      )}
    </header>
  );
}
