/**
 * The control token: from the address once, then from this tab's memory, or asked for.
 * @module
 */
import { byId, say, show } from './elements.js';

const KEY = 'livegate-control-token';

/** Takes the token out of the address, where it stands after `#token=`, and keeps it for this tab. */
export function takeTokenFromAddress() {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token === null) return;
  sessionStorage.setItem(KEY, token);
  history.replaceState(null, '', location.pathname);
}

/** @returns {string | undefined} */
export function keptToken() {
  return sessionStorage.getItem(KEY) ?? undefined;
}

/**
 * Asks for the token, saying why, and keeps it.
 * @param {string} [why]
 * @returns {Promise<string>}
 */
export function askForToken(why) {
  sessionStorage.removeItem(KEY);
  const form = byId('access-form');
  const input = byId('access-token', HTMLInputElement);
  if (why !== undefined) say(byId('access-hint'), why);
  show(byId('watch'), false);
  show(byId('access'), true);
  input.value = '';
  input.focus();
  return new Promise((resolve) => {
    form.addEventListener(
      'submit',
      (event) => {
        event.preventDefault();
        sessionStorage.setItem(KEY, input.value.trim());
        show(byId('access'), false);
        resolve(input.value.trim());
      },
      { once: true },
    );
  });
}
