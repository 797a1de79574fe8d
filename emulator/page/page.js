/**
 * The live page: sessions and messages as they pass, and what one can do to them.
 * @module
 */
import { askForToken, keptToken, takeTokenFromAddress } from './access.js';
import { CallProblem, Control } from './control.js';
import { byId, confirmed, make, say, show } from './elements.js';
import { bytesText, offsetText, sessionText, stateText } from './figures.js';
import { MessageList } from './message-list.js';
import { SessionList } from './session-list.js';

/** Entries of the past that are shown at first. */
const TAIL = 2_000;
/** How long the page waits before it tries to connect again, and how often it asks for the clock, in ms. */
const AGAIN_MS = 1_000;
const CLOCK_MS = 5_000;
/** Over how long the flow of bytes is measured, in ms. */
const FLOW_MS = 1_000;

const EXAMPLE = { serverContent: { modelTurn: { parts: [{ text: 'Hello' }] } } };

takeTokenFromAddress();

let control = new Control('');
/** @type {string | undefined} */
let chosen;
/** @type {{ atMs: number, kind: string, sessionId: string, bytes: number }[]} */
let flow = [];
const messages = new MessageList();
const sessions = new SessionList((id) => choose(id === chosen ? undefined : id));

/** @param {string | undefined} id */
function choose(id) {
  chosen = id;
  sessions.mark(id);
  messages.only(id);
  showChosen();
}

function showChosen() {
  const session = chosen === undefined ? undefined : sessions.get(chosen);
  say(byId('detail-title'), session?.id ?? 'All sessions');
  for (const id of ['all', 'actions', 'facts']) show(byId(id), session !== undefined);
  if (!session) return;
  for (const id of ['go-away', 'drop', 'inject']) byId(id, HTMLButtonElement).disabled = !session.connected;
  const { model, method, backend, door, apiVersion, closeReason, closedBy, tokenHash } = session;
  const figures = [
    ['State', stateText(session)],
    ['Model', model ?? 'no setup yet'],
    ['Method', `${method}, ${backend} ${apiVersion}${door === 'direct' ? '' : ` by ${door}`}`],
    ['So far', sessionText(session)],
    ...(tokenHash === undefined ? [] : [['Token', tokenHash]]),
    ...(closedBy === undefined ? [] : [['Closed by', `${closedBy}${closeReason ? `: ${closeReason}` : ''}`]]),
  ];
  byId('figures').replaceChildren(
    ...figures.map(([name = '', value = '']) => make('div', '', make('dt', '', name), make('dd', '', value))),
  );
  show(byId('setup'), session.setup !== undefined);
  say(byId('setup-json'), JSON.stringify(session.setup, null, 2) ?? '');
}

function showFlow() {
  const nowMs = performance.now();
  flow = flow.filter(({ atMs }) => nowMs - atMs < FLOW_MS);
  for (const kind of ['in', 'out']) {
    const bytes = flow
      .filter((each) => each.kind === kind && each.sessionId === chosen)
      .reduce((sum, each) => sum + each.bytes, 0);
    byId(`flow-${kind}`, HTMLMeterElement).value = bytes;
    say(byId(`flow-${kind}-text`), `${bytesText(bytes)}/s`);
  }
}

/**
 * @param {'connecting' | 'live' | 'lost'} state
 * @param {string} text
 */
function sayLine(state, text) {
  const line = byId('line');
  line.dataset.state = state;
  show(byId('clock'), state === 'live');
  say(line, text);
}

/** @param {string} [text] */
function sayProblem(text) {
  say(byId('problem-text'), text ?? '');
  show(byId('problem'), text !== undefined);
}

async function showClock() {
  const { offsetMs } = await control.call('GET', '/clock');
  say(byId('clock-offset'), offsetText(offsetMs));
}

/** @param {import('./control.js').LiveEvent} event */
function take(event) {
  if ('entry' in event) {
    const { entry } = event;
    messages.put(entry);
    if ('bytes' in entry && entry.sessionId === chosen)
      flow.push({
        atMs: performance.now(),
        kind: entry.kind,
        sessionId: entry.sessionId,
        bytes: entry.bytes,
      });
  } else if ('session' in event) {
    sessions.put(event.session);
    sessions.mark(chosen);
    if (event.session.id === chosen) showChosen();
  } else if ('reset' in event) startOver();
}

function startOver() {
  sessions.clear();
  messages.clear();
  choose(undefined);
}

/** Connects, and again whenever the line is lost, until the page is left. */
async function watch() {
  if (keptToken() === undefined) sayLine('lost', 'Not connected');
  for (let token = keptToken() ?? (await askForToken()); ; token = keptToken() ?? (await askForToken())) {
    control = new Control(token);
    try {
      const { url } = await control.call('GET', '/');
      say(byId('host'), new URL(url).host);
      say(byId('empty-url'), url);
      await showClock();
      startOver();
      show(byId('watch'), true);
      sayLine('live', 'Live');
      for await (const event of control.events(TAIL)) take(event);
    } catch (error) {
      if (!(error instanceof CallProblem)) throw error;
      if (error.code === 'unauthorized') {
        sayLine('lost', 'Not connected');
        await askForToken('That is not the token of this emulator. Each run has its own: take the newest.');
        continue;
      }
      if (error.code !== 'unreachable') sayProblem(error.message);
    }
    sayLine('lost', 'Disconnected, trying again …');
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

/**
 * Does what a button is for, and says what went wrong.
 * @param {() => Promise<unknown>} act
 */
async function attempt(act) {
  sayProblem();
  try {
    await act();
  } catch (error) {
    if (!(error instanceof CallProblem)) throw error;
    sayProblem(error.message);
  }
}

/**
 * @param {string} action
 * @param {object} [body]
 */
function onChosen(action, body) {
  return control.call('POST', `/sessions/${encodeURIComponent(chosen ?? '')}/${action}`, body);
}

async function drop() {
  const silent = byId('drop-silent', HTMLInputElement);
  const code = byId('drop-code', HTMLInputElement);
  const reason = byId('drop-reason', HTMLInputElement);
  if (!(await confirmed(byId('drop-dialog', HTMLDialogElement)))) return;
  await onChosen('drop', silent.checked ? {} : { code: Number(code.value), reason: reason.value });
}

/** @type {object | undefined} */
let injected;

async function inject() {
  injected = undefined;
  if (!(await confirmed(byId('inject-dialog', HTMLDialogElement))) || !injected) return;
  await onChosen('inject', { message: injected });
}

/**
 * Keeps the dialog open while what it holds is no object.
 * @param {SubmitEvent} event
 */
function readInjected(event) {
  const json = byId('inject-json', HTMLTextAreaElement);
  const problem = byId('inject-problem');
  say(problem, '');
  if (event.submitter?.getAttribute('value') !== 'do') return;
  try {
    const value = JSON.parse(json.value);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('not an object');
    injected = value;
  } catch (error) {
    event.preventDefault();
    say(problem, `This is not a JSON object: ${error instanceof Error ? error.message : error}.`);
  }
}

async function reset() {
  if (!(await confirmed(byId('reset-dialog', HTMLDialogElement)))) return;
  await control.call('POST', '/reset');
  await showClock();
}

/** @param {Event} event */
async function advance(event) {
  event.preventDefault();
  const step = byId('clock-step', HTMLSelectElement);
  await attempt(async () => {
    await control.call('POST', '/clock/advance', { ms: Number(step.value) });
    await showClock();
  });
}

byId('inject-json', HTMLTextAreaElement).value = JSON.stringify(EXAMPLE, null, 2);
byId('inject-dialog').querySelector('form')?.addEventListener('submit', readInjected);
byId('drop-silent').addEventListener('change', () => {
  const { checked } = byId('drop-silent', HTMLInputElement);
  for (const id of ['drop-code', 'drop-reason']) byId(id, HTMLInputElement).disabled = checked;
});
byId('clock').addEventListener('submit', advance);
byId('reset').addEventListener('click', () => attempt(reset));
byId('go-away').addEventListener('click', () => attempt(() => onChosen('go-away')));
byId('drop').addEventListener('click', () => attempt(drop));
byId('inject').addEventListener('click', () => attempt(inject));
byId('all').addEventListener('click', () => choose(undefined));
byId('problem-close').addEventListener('click', () => sayProblem());
window.addEventListener('hashchange', () => {
  if (!location.hash.includes('token=')) return;
  takeTokenFromAddress();
  location.reload();
});
setInterval(showFlow, FLOW_MS / 4);
setInterval(() => {
  if (byId('line').dataset.state === 'live' && !document.hidden) showClock().catch(() => {});
}, CLOCK_MS);
await watch();
