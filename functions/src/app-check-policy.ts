/**
 * What App Check's verdict on a request means. Pure: the verdict comes from the SDK, which alone verifies tokens; the
 * emulators take forged ones, so what is decided here is proved with verdicts put in.
 * @module
 */
import { Refusal } from './refusal.ts';

/** The verdict. `invalid` is a token that was sent and did not pass. */
export type AppCheckVerdict = 'ok' | 'missing' | 'invalid' | 'consumed';

/** What the deployment asks for. */
export interface AppCheckDemands {
  readonly enforce: boolean;
  /** Every token once: a stolen one is worth one call. Wants a token at every call, whatever `enforce` says. */
  readonly replayProtection: boolean;
}

/** Reads the verdict out of what `onCall` gives. `app` is set only for a token that passed. */
export function verdictOf(request: {
  readonly sent: boolean;
  readonly app: { readonly alreadyConsumed?: boolean } | undefined;
}): AppCheckVerdict {
  if (!request.app) return request.sent ? 'invalid' : 'missing';
  return request.app.alreadyConsumed === true ? 'consumed' : 'ok';
}

/** Throws {@link Refusal} `app-check` where the verdict is not what the deployment asks for. */
export function checkApp(verdict: AppCheckVerdict, { enforce, replayProtection }: AppCheckDemands): void {
  if (verdict === 'ok') return;
  if (verdict === 'consumed') {
    if (replayProtection) throw refuse('This App Check token was used before; ask for a limited-use token.');
    return;
  }
  // A thief would leave a used token out where none is wanted: to take each once is to want one.
  if (!enforce && !replayProtection) return;
  throw refuse(
    verdict === 'missing'
      ? 'No App Check token came with the call; initialize App Check in the page.'
      : 'The App Check token did not pass; look at the app id and the attestation provider.',
  );
}

function refuse(message: string): Refusal {
  return new Refusal('app-check', message);
}
