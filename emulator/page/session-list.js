/**
 * The list of sessions, newest first.
 * @module
 */
import { byId, make, say, show } from './elements.js';
import { sessionText, stateText } from './figures.js';

/** @typedef {import('../src/live-emulator.ts').LiveSessionView} LiveSessionView */

/** Close codes that are an ordinary end. */
const ORDINARY = [1000, 1001];

/** One button for each session. */
export class SessionList {
  /** @type {Map<string, { session: LiveSessionView, button: HTMLButtonElement }>} */
  #rows = new Map();
  #list = byId('sessions');
  #choose;

  /** @param {(id: string) => void} choose */
  constructor(choose) {
    this.#choose = choose;
    this.#list.addEventListener('keydown', (event) => this.#onKey(event));
  }

  /** @param {string} id */
  get(id) {
    return this.#rows.get(id)?.session;
  }

  /** @param {LiveSessionView} session */
  put(session) {
    const known = this.#rows.get(session.id);
    const button = known?.button ?? this.#add(session.id);
    this.#rows.set(session.id, { session, button });
    const { id, model = 'no setup yet', backend, apiVersion, resumedFrom } = session;
    const state = make('span', 'badge', stateText(session));
    state.dataset.state = session.state;
    if (session.closeCode !== undefined && !ORDINARY.includes(session.closeCode)) state.dataset.end = 'bad';
    const from = resumedFrom === undefined ? '' : ` · resumes ${resumedFrom}`;
    button.replaceChildren(
      make('span', 'name', id),
      state,
      make('span', 'line', `${model} · ${backend} ${apiVersion}${from}`),
      make('span', 'line', sessionText(session)),
    );
    this.#count();
  }

  /** @param {string | undefined} id */
  mark(id) {
    for (const [each, { button }] of this.#rows) button.setAttribute('aria-current', String(each === id));
  }

  clear() {
    this.#rows.clear();
    this.#list.replaceChildren();
    this.#count();
  }

  /** @param {string} id */
  #add(id) {
    const button = make('button', 'session');
    button.type = 'button';
    button.addEventListener('click', () => this.#choose(id));
    this.#list.prepend(make('li', '', button));
    return button;
  }

  #count() {
    const open = [...this.#rows.values()].filter(({ session }) => session.connected).length;
    say(byId('sessions-count'), this.#rows.size === 0 ? '' : `${open} open of ${this.#rows.size}`);
    show(byId('sessions-empty'), this.#rows.size === 0);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    const buttons = [...this.#list.querySelectorAll('button')];
    const at = buttons.indexOf(/** @type {any} */ (document.activeElement));
    const next = buttons[at + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }
}
