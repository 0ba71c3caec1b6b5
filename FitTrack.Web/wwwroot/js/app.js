// Makes pages nicer; each of them works without it. What it looks for is listed in docs/web.md.

const texts = document.documentElement.dataset;

/** The same element of the page at `address`, as the server shows it now. */
async function fetchPart(address, selector, signal) {
  const answer = await fetch(address, { headers: { Accept: 'text/html' }, signal });
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  // Whoever is not signed in any more is led elsewhere.
  const isOk = answer.ok && new URL(answer.url).pathname === new URL(address, location).pathname;
  return { part: page.querySelector(selector), title: page.title, landed: answer.url, isOk };
}

const kindOf = part => part.id || part.getAttribute('href') || part.textContent;

/** Replaces an element by what the server has for it, unless somebody is at work in it. The focus and what was scrolled stay where they were. */
async function refresh(element) {
  if (document.hidden || element.contains(document.activeElement) && document.activeElement.matches('input, select, textarea')) return;
  const { part, isOk } = await fetchPart(location.href, `#${CSS.escape(element.id)}`);
  if (!isOk || !part) return;
  const at = document.activeElement;
  const alike = () => [...element.querySelectorAll(at.tagName)].filter(other => kindOf(other) === kindOf(at));
  const [place, scrolled] = [alike().indexOf(at), [...element.querySelectorAll('.scroll')].map(e => [e.scrollLeft, e.scrollTop])];
  element.replaceChildren(...part.childNodes);
  enhance(element);
  alike()[place]?.focus({ preventScroll: true });
  element.querySelectorAll('.scroll').forEach((e, i) => e.scrollTo(...scrolled[i] ?? [0, 0]));
}

function toast(text, kind = '') {
  let place = document.querySelector('.toasts');
  if (!place) {
    place = document.createElement('div');
    place.className = 'toasts';
    place.setAttribute('role', 'status');
    document.body.append(place);
  }
  const notice = document.createElement('p');
  notice.className = `notice ${kind}`;
  notice.textContent = text;
  place.append(notice);
  setTimeout(() => notice.remove(), 8000);
}

const ticking = new Set();

function left(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds <= 0) return texts.now;
  const [days, hours, minutes] = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
  const [first, second, pattern] = days > 0 ? [days, hours, texts.days] : hours > 0 ? [hours, minutes, texts.hours] : [minutes, seconds % 60, texts.minutes];
  return pattern.replace('{0}', first).replace('{1}', second);
}

function tick() {
  for (const time of ticking) {
    if (!time.isConnected) ticking.delete(time);
    else time.textContent = left(Date.parse(time.dateTime) - Date.now());
  }
}
setInterval(tick, 1000);

const moment = { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
const inOwnTime = new Intl.DateTimeFormat(document.documentElement.lang, moment);
const withYear = new Intl.DateTimeFormat(document.documentElement.lang, { ...moment, year: 'numeric' });

/**
 * Opens the page that a link or a GET form leads to as a dialog, at first its outline; any trouble leads to the page after all.
 * Closing it while it is on its way gives it up.
 */
async function openDialog(address, label) {
  const dialog = document.createElement('dialog');
  dialog.setAttribute('aria-label', label);
  dialog.setAttribute('aria-busy', 'true');
  for (let line = 0; line < 5; line++) dialog.append(Object.assign(document.createElement('p'), { className: 'skeleton' }));
  const wanted = new AbortController();
  dialog.addEventListener('close', () => {
    wanted.abort();
    dialog.remove();
  });
  dialog.addEventListener('click', e => {
    const cancel = e.target.closest('[data-close]');
    if (cancel) e.preventDefault();
    // The second half of a double click hits the dialog that the first one opened.
    if (cancel || e.target === dialog && e.detail < 2) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
  try {
    const { part, title, landed, isOk } = await fetchPart(address, 'main', wanted.signal);
    if (!isOk || !part) {
      location.href = landed;
      return;
    }
    fill(dialog, part, address);
    dialog.setAttribute('aria-label', title.split(' · ')[0]);
  } catch {
    if (!wanted.signal.aborted) location.href = address;
  }
}

function fill(dialog, part, address) {
  // Forms without an action post to the page that they came from.
  for (const form of part.querySelectorAll('form:not([action])')) form.action = address;
  dialog.replaceChildren(...part.childNodes);
  if (!dialog.querySelector('[data-close]')) {
    const close = document.createElement('button');
    close.type = 'button';
    close.className = 'close quiet small';
    close.dataset.close = '';
    close.textContent = texts.closeText;
    dialog.append(close);
  }
  enhance(dialog);
  dialog.removeAttribute('aria-busy');
  [...dialog.querySelectorAll('[autofocus], a[href], button, input:not([type=hidden]), select, textarea')].find(e => e.checkVisibility())?.focus();
}

function listen(element) {
  let [events, isBusy, isMissed] = [null, false, false];
  const changed = async () => {
    isMissed = true;
    while (isMissed && !isBusy && !document.hidden) {
      [isBusy, isMissed] = [true, false];
      await refresh(element).catch(() => {});
      isBusy = false;
    }
  };
  const open = () => {
    events = new EventSource(element.dataset.live);
    events.addEventListener('board', changed);
  };
  addEventListener('pagehide', () => events.close());
  addEventListener('pageshow', e => e.persisted && open());
  document.addEventListener('visibilitychange', () => isMissed && changed());
  open();
}

function enhance(root) {
  for (const time of root.querySelectorAll('[data-countdown]')) ticking.add(time);
  for (const time of root.querySelectorAll('[data-local]')) {
    time.title = time.textContent;
    time.textContent = (time.dataset.local === 'year' ? withYear : inOwnTime).format(new Date(time.dateTime));
  }
  for (const element of root.querySelectorAll('[data-live][id]')) listen(element);
  for (const element of root.querySelectorAll('[data-refresh][id]')) setInterval(() => refresh(element).catch(() => {}), element.dataset.refresh * 1000);
  tick();
}

document.addEventListener('submit', e => {
  const form = e.target;
  if (form.matches('[data-dialog]') && form.method === 'get') {
    e.preventDefault();
    const address = new URL(form.action);
    address.search = new URLSearchParams(new FormData(form, e.submitter));
    openDialog(address.href, e.submitter?.textContent.trim() ?? '');
  } else if (form.matches('[data-once]')) {
    if (form.dataset.sent) e.preventDefault();
    form.dataset.sent = 'yes';
    for (const button of form.querySelectorAll('button')) button.setAttribute('aria-disabled', 'true');
  }
});

document.addEventListener('click', e => {
  const link = e.target.closest('a[data-dialog]');
  if (link && !e.ctrlKey && !e.metaKey && !e.shiftKey) {
    e.preventDefault();
    openDialog(link.href, link.textContent.trim());
  }
  for (const menu of document.querySelectorAll('.menu[open]')) {
    if (!menu.contains(e.target)) menu.open = false;
  }
});

document.addEventListener('keydown', e => {
  const menu = e.key === 'Escape' && document.querySelector('.menu[open]');
  if (menu) {
    menu.open = false;
    menu.querySelector('summary').focus();
  }
});

// A page that comes back from the browser's memory may be sent again.
addEventListener('pageshow', e => {
  if (!e.persisted) return;
  for (const form of document.querySelectorAll('[data-sent]')) delete form.dataset.sent;
  for (const button of document.querySelectorAll('button[aria-disabled]')) button.removeAttribute('aria-disabled');
});

// A transition that the browser gives up, as when the window changes, is no error. This script blocks the first rendering, so it hears of it.
addEventListener('pagereveal', e => e.viewTransition?.ready.catch(() => {}));

// The page that draws again stands for itself, without our styles: to it, the browser would begin a transition that it cannot end.
addEventListener('pageswap', e => {
  if (!e.viewTransition || !new URL(e.activation.entry.url).pathname.startsWith('/verify')) return;
  e.viewTransition.ready.catch(() => {});
  e.viewTransition.skipTransition();
});

// On phones the administrators' places are a strip; the one that is shown is in sight.
for (const here of document.querySelectorAll('.admin-places .active')) here.parentElement.scrollLeft += here.getBoundingClientRect().left - here.parentElement.getBoundingClientRect().left - 48;

addEventListener('offline', () => toast(texts.offline, 'bad'));
navigator.serviceWorker?.register('/sw.js').catch(() => {});
enhance(document);
