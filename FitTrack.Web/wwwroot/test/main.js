// The tabs (arrow keys, Home and End move between them; the address keeps which one is shown) and the line that says who is signed in.

import { find, onSession, session } from './core.js';
import * as admin from './admin.js';
import * as auth from './auth.js';
import * as boards from './boards.js';
import * as data from './data.js';
import * as drawings from './drawings.js';
import * as reports from './reports.js';
import * as tester from './tester.js';
import * as trackers from './trackers.js';

const modules = { tester, auth, trackers, boards, drawings, admin, reports, data };
const tabs = [...document.querySelectorAll('[role="tab"]')];
const panelOf = tab => document.getElementById(tab.getAttribute('aria-controls'));
const nameOf = tab => panelOf(tab).id;

function show(tab) {
  for (const each of tabs) {
    const isShown = each === tab;
    each.setAttribute('aria-selected', isShown);
    each.tabIndex = isShown ? 0 : -1;
    panelOf(each).hidden = !isShown;
  }
  // With its path, because the page's base is the first page; with a slash, because the browser would move the focus to an element of that id.
  history.replaceState(null, '', `${location.pathname}#/${nameOf(tab)}`);
  load(tab);
}

/** Lets the tab read what it shows. */
async function load(tab) {
  const panel = panelOf(tab);
  panel.ariaBusy = 'true';
  try {
    await modules[nameOf(tab)].shown?.(panel);
  } finally {
    panel.ariaBusy = 'false';
  }
}

function moved(event) {
  const at = tabs.indexOf(event.target);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  const tab = tabs[(to + tabs.length) % tabs.length];
  show(tab);
  tab.focus();
}

function tellWho() {
  const me = session.current?.me;
  const bar = document.getElementById('who');
  find(bar, 'name').textContent = me ? `${me.profile.displayName ?? me.email} · ${me.role}` : 'Not signed in';
  find(bar, 'sign-out').hidden = !me;
}

for (const tab of tabs) {
  modules[nameOf(tab)].start(panelOf(tab));
  tab.addEventListener('click', () => show(tab));
  tab.addEventListener('keydown', moved);
}
onSession.addEventListener('change', () => {
  tellWho();
  load(tabs.find(t => t.getAttribute('aria-selected') === 'true'));
});
tellWho();
show(tabs.find(t => `#/${nameOf(t)}` === location.hash) ?? tabs[0]);
document.body.dataset.ready = 'yes';
