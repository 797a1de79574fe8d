/**
 * The messages that pass, filtered, oldest first. A flood of audio is one row that counts.
 * @module
 */
import { byId, make, say, show } from './elements.js';
import { bytesText, isOfKind, summaryOf, timeText } from './figures.js';

/** @typedef {import('../src/live-emulator.ts').JournalEntry} JournalEntry */
/** @typedef {{ flood: string | undefined, sessionId: string, count: number, bytes: number, entry: JournalEntry, refresh: () => void }} Row */

/** Entries kept, and rows shown; the oldest go first. */
const MOST_KEPT = 5_000;
const MOST_ROWS = 500;
/** How near to the end a reader counts as following it, in px. */
const NEAR_END_PX = 24;

const GLYPHS = {
  in: ['→', 'from the client'],
  out: ['←', 'to the client'],
  open: ['+', ''],
  close: ['×', ''],
  warning: ['!', ''],
  'in-refused': ['!', ''],
  fault: ['!', ''],
};

/** The list, and what decides which entries are in it. */
export class MessageList {
  #list = byId('messages');
  #follow = byId('follow', HTMLInputElement);
  /** @type {JournalEntry[]} */
  #kept = [];
  /** @type {JournalEntry[]} */
  #fresh = [];
  /** @type {string | undefined} */
  #sessionId;
  #text = '';
  #kind = '';
  #isPaused = false;
  #held = 0;
  #isDue = false;
  /** @type {Row | undefined} */
  #last;

  constructor() {
    const search = byId('filter-text', HTMLInputElement);
    const kind = byId('filter-kind', HTMLSelectElement);
    search.addEventListener('input', () => {
      this.#text = search.value.toLowerCase();
      this.#redraw();
    });
    kind.addEventListener('change', () => {
      this.#kind = kind.value;
      this.#redraw();
    });
    byId('filters').addEventListener('submit', (event) => event.preventDefault());
    byId('pause').addEventListener('click', () => this.#pause(!this.#isPaused));
    this.#follow.addEventListener('change', () => this.#toEnd());
    this.#list.addEventListener('scroll', () => {
      const { scrollHeight, scrollTop, clientHeight } = this.#list;
      if (scrollHeight - scrollTop - clientHeight > NEAR_END_PX) this.#follow.checked = false;
    });
  }

  /** @param {JournalEntry} entry */
  put(entry) {
    this.#kept.push(entry);
    if (this.#kept.length > MOST_KEPT * 1.2) this.#kept = this.#kept.slice(-MOST_KEPT);
    if (this.#isPaused) {
      this.#held++;
      this.#sayPause();
    } else {
      this.#fresh.push(entry);
      this.#draw();
    }
  }

  /**
   * Only the messages of one session; all where `undefined`.
   * @param {string | undefined} sessionId
   */
  only(sessionId) {
    this.#sessionId = sessionId;
    this.#follow.checked = true;
    this.#redraw();
  }

  clear() {
    this.#kept = [];
    this.#held = 0;
    this.#sayPause();
    this.#redraw();
  }

  /** @param {boolean} isPaused */
  #pause(isPaused) {
    this.#isPaused = isPaused;
    this.#held = 0;
    this.#sayPause();
    if (!isPaused) this.#redraw();
  }

  #sayPause() {
    const button = byId('pause');
    button.dataset.on = String(this.#isPaused);
    say(button, this.#isPaused ? `Resume${this.#held > 0 ? ` (${this.#held} new)` : ''}` : 'Pause');
  }

  #redraw() {
    this.#list.replaceChildren();
    this.#last = undefined;
    this.#fresh = this.#kept.filter((entry) => this.#isWanted(entry)).slice(-MOST_ROWS * 4);
    this.#draw();
  }

  /** Once a frame at most, however fast they come. */
  #draw() {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      const rows = document.createDocumentFragment();
      for (const entry of this.#fresh.splice(0)) if (this.#isWanted(entry)) this.#add(entry, rows);
      this.#list.append(rows);
      while (this.#list.childElementCount > MOST_ROWS) this.#list.firstElementChild?.remove();
      show(byId('messages-empty'), this.#list.childElementCount === 0);
      say(
        byId('messages-empty'),
        this.#kept.length === 0 ? 'Nothing has passed yet.' : 'No message passes this filter.',
      );
      this.#toEnd();
    });
  }

  #toEnd() {
    if (this.#follow.checked) this.#list.scrollTop = this.#list.scrollHeight;
  }

  /** @param {JournalEntry} entry */
  #isWanted(entry) {
    if (this.#sessionId !== undefined && entry.sessionId !== this.#sessionId) return false;
    if (!isOfKind(entry, this.#kind)) return false;
    return this.#text === '' || JSON.stringify(entry).toLowerCase().includes(this.#text);
  }

  /**
   * @param {JournalEntry} entry
   * @param {DocumentFragment} rows
   */
  #add(entry, rows) {
    const { flood } = summaryOf(entry);
    const last = this.#last;
    if (flood !== undefined && last?.flood === flood && last.sessionId === entry.sessionId) {
      last.count++;
      last.bytes += 'bytes' in entry ? entry.bytes : 0;
      last.entry = entry;
      last.refresh();
      return;
    }
    const { row, element } = makeRow(entry, this.#sessionId === undefined);
    this.#last = row;
    rows.append(element);
  }
}

/**
 * @param {JournalEntry} entry
 * @param {boolean} namesSession
 * @returns {{ row: Row, element: HTMLLIElement }}
 */
function makeRow(entry, namesSession) {
  const { key, rest, flood } = summaryOf(entry);
  const [glyph, meaning = ''] = GLYPHS[entry.kind];
  const sign = make('span', 'glyph', glyph ?? '');
  sign.ariaHidden = 'true';
  const time = make('time', '', timeText(entry.atMs));
  time.dateTime = new Date(entry.atMs).toISOString();
  const rows = make('span');
  const size = make('span', 'size');
  const what = make(
    'span',
    'what',
    ...(namesSession ? [make('span', 'muted', `${entry.sessionId} `)] : []),
    ...(meaning === '' ? [] : [make('span', 'unseen', `${meaning}: `)]),
    make('span', 'key', key),
    rows,
    ` ${rest}`,
  );
  const json = make('pre');
  const details = make('details', '', make('summary', '', time, sign, what, size), json);
  const element = make('li', 'message', details);
  element.dataset.kind = entry.kind;
  /** @type {Row} */
  const row = {
    flood,
    sessionId: entry.sessionId,
    count: 1,
    bytes: 'bytes' in entry ? entry.bytes : 0,
    entry,
    refresh() {
      say(rows, row.count > 1 ? ` ×${row.count}` : '');
      say(size, row.bytes > 0 ? bytesText(row.bytes) : '');
      if (details.open) json.textContent = JSON.stringify(shownOf(row.entry), null, 2);
    },
  };
  details.addEventListener('toggle', () => row.refresh());
  row.refresh();
  return { row, element };
}

/**
 * The message, or the entry where it has none.
 * @param {JournalEntry} entry
 */
function shownOf(entry) {
  return 'message' in entry ? entry.message : entry;
}
