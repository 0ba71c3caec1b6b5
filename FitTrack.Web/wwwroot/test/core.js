// What every tab stands on: the session that they share, calls to the Api, and small helpers for the page.

const KEY = 'fittrack-test-session';
export const onSession = new EventTarget();
/** The channel on which tabs tell each other what a provider sent one of them back with. */
export const RETURNS = 'fittrack-test-returns';

/** The signed-in account's tokens and profile; kept for this browser tab only. Null when signed out. */
export const session = {
  get current() { return JSON.parse(sessionStorage.getItem(KEY)); },
  set current(value) {
    if (value) sessionStorage.setItem(KEY, JSON.stringify(value));
    else sessionStorage.removeItem(KEY);
    onSession.dispatchEvent(new Event('change'));
  },
  get isAdmin() { return this.current?.me?.role === 'admin'; },
};

/** What a token says, without checking it. */
export function claims(token) {
  const bytes = Uint8Array.from(atob(token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}

async function send(method, path, body, headers) {
  const token = session.current?.accessToken;
  const started = performance.now();
  const response = await fetch(`/test/api/v1/${path}`, {
    method,
    headers: {
      Accept: 'application/json',
      ...(token && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...headers,
    },
    body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { response, started };
}

/** Calls the Api under /api/v1/ with the session's token; an expired one is renewed once. */
export async function call(method, path, { body, headers } = {}) {
  let { response, started } = await send(method, path, body, headers);
  let text = await response.text();
  if (response.status === 401 && text.includes('Token expired') && session.current?.refreshToken && await renew()) {
    ({ response, started } = await send(method, path, body, headers));
    text = await response.text();
  }
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return {
    method, path, status: response.status, ok: response.ok, headers: response.headers,
    ms: Math.round(performance.now() - started), json: isJson && text ? JSON.parse(text) : null, text,
  };
}

async function renew() {
  const { refreshToken, me } = session.current;
  const { response } = await send('POST', 'auth/refresh', { refreshToken });
  session.current = response.ok ? { ...await response.json(), me } : null;
  return response.ok;
}

/** Calls with Accept: text/event-stream and hands on each event as it comes. Answers the last problem, or null. */
export async function watch(method, path, body, onEvent) {
  const { response } = await send(method, path, body, { Accept: 'text/event-stream' });
  if (!response.ok) return (await response.json().catch(() => null)) ?? { detail: `Status ${response.status}` };
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return null;
    const blocks = (rest + value).split('\n\n');
    rest = blocks.pop();
    for (const block of blocks) {
      const field = name => block.split('\n').filter(l => l.startsWith(`${name}: `)).map(l => l.slice(name.length + 2)).join('\n');
      if (field('data')) onEvent(field('event'), JSON.parse(field('data')));
    }
  }
}

/** What went wrong, in a sentence. */
export function problemOf(answer) {
  const problem = answer.json;
  const fields = problem?.errors?.map(e => `${e.field} ${e.message}`).join(' ');
  return [problem?.detail ?? problem?.title ?? `Status ${answer.status}`, fields].filter(Boolean).join(': ');
}

/** An element. Properties by name, `class` and `data-*` as attributes, `on...` as listeners; children are nodes or text. */
export function el(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (key === 'class' || key.includes('-')) element.setAttribute(key, value);
    else element[key] = value;
  }
  element.append(...children.flat().filter(c => c !== null && c !== undefined));
  return element;
}

export const find = (root, part) => root.querySelector(`[data-part="${part}"]`);

const isNumber = cell => /^[-+]?[\d,]+(\.\d+)?$/.test(cell);

/** A table; cells are nodes or text, a row may bring its class along. Columns with nothing but numbers stand at the right. */
export function table(headings, rows, empty = 'Nothing here yet.') {
  if (rows.length === 0) return el('p', { class: 'empty' }, empty);
  const cellsOf = row => (row.cells ?? row).map(c => c instanceof Node ? c : String(c ?? '–'));
  const kinds = headings.map((_, i) => rows.every(row => isNumber(cellsOf(row)[i]) || cellsOf(row)[i] === '–') ? 'num' : null);
  return el('div', { class: 'scroll', tabIndex: 0, role: 'group', ariaLabel: `Table: ${headings[0]}` }, el('table', {},
    el('thead', {}, el('tr', {}, headings.map((h, i) => el('th', { scope: 'col', class: kinds[i] }, h)))),
    el('tbody', {}, rows.map(row => el('tr', { class: row.class }, cellsOf(row).map((c, i) => el('td', { class: kinds[i] }, c)))))));
}

/** Tells how something ended, in the panel's status line. */
export function say(panel, text, kind = 'good') {
  const line = find(panel, 'status');
  line.textContent = text;
  line.className = `said ${kind}`;
  line.hidden = !text;
}

/** Shows what went wrong and answers false; true when the answer is a success. */
export function succeeded(panel, answer) {
  if (!answer.ok) say(panel, problemOf(answer), 'bad');
  return answer.ok;
}

/** Opens the dialog with a heading and content; answers what it was closed with, '' when it was left. */
export function ask(heading, ...content) {
  const dialog = document.getElementById('dialog');
  dialog.replaceChildren(el('form', { method: 'dialog', class: 'stack' }, el('h2', { id: 'dialog-heading' }, heading), ...content));
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise(resolve => dialog.addEventListener('close', () => resolve(dialog.returnValue), { once: true }));
}

export const choices = (yes, no = 'Cancel') => el('div', { class: 'row' },
  el('button', { value: 'yes' }, yes), el('button', { value: '', class: 'quiet', formNoValidate: true }, no));

export const closing = () => el('div', { class: 'row' }, el('button', { value: '', class: 'quiet' }, 'Close'));

export const number = value => value === null || value === undefined ? '–' : value.toLocaleString('en');
export const words = code => code.replace(/_/g, ' ').replace(/^./, c => c.toUpperCase());
export const time = text => text ? new Date(text).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' }) : '–';
export const dollars = cents => (cents / 100).toLocaleString('en', { style: 'currency', currency: 'USD' });
