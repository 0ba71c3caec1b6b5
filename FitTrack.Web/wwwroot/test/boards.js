// The leaderboards: four periods, every tier, pages, the caller's own place, and what members show of themselves.

import { ask, call, closing, el, find, number, problemOf, say, session, succeeded, table, time, words } from './core.js';

const AUTO_REFRESH_MS = 60_000;
const PER_PAGE = 10;
let page = 1;
let timer;

async function profile(id, name) {
  const answer = await call('GET', `users/${id}/public`);
  const p = answer.json;
  await ask(name, answer.ok
    ? el('dl', { class: 'facts' },
      [['Tier', p.tierCode], ['Total points', number(p.totalPoints)], ['Rank of all time', number(p.rank)],
        ['Badges', p.badges?.map(b => b.name).join(', ') || 'none shown'],
        ['Streak', p.streak && `${number(p.streak.weeks)} weeks`]].map(([t, d]) => el('div', {}, el('dt', {}, t), el('dd', {}, d ?? 'not shown'))))
    : el('p', {}, problemOf(answer)), closing());
}

const rows = board => ranked => ranked.map(r => ({
  class: board.me.rank === r.rank ? 'own' : '',
  cells: [number(r.rank),
    r.userId ? el('button', { class: 'link', type: 'button', onclick: () => profile(r.userId, r.displayName) }, r.displayName) : r.displayName,
    number(r.points), r.tier],
}));

async function load(panel) {
  const { period, tier } = find(panel, 'choice').elements;
  const answer = await call('GET', `leaderboards/${period.value}?tier=${tier.value}&page=${page}&per_page=${PER_PAGE}`);
  if (!succeeded(panel, answer)) return;
  const board = answer.json;
  const asTable = rows(board);
  const headings = ['Rank', 'Display name', 'Points', 'Tier'];
  find(panel, 'rankings').replaceChildren(table(headings, asTable(board.rankings), 'Nobody has points on this board yet.'));
  find(panel, 'me').textContent = board.me.rank ? `You are #${number(board.me.rank)} with ${number(board.me.points)} points.` : 'You have no rank on this board.';
  find(panel, 'around').replaceChildren(table(headings, asTable(board.around), 'You have no neighbours on this board.'));
  const pages = Math.max(1, Math.ceil(Math.min(board.totalMembers, 1000) / PER_PAGE));
  find(panel, 'page').textContent = `Page ${page} of ${pages}, ${number(board.totalMembers)} members`;
  find(panel, 'previous').disabled = page <= 1;
  find(panel, 'next').disabled = page >= pages;
  find(panel, 'generated').textContent = `${words(board.period)}${board.start ? ` from ${board.start} to ${board.end}` : ''}, read ${time(board.generatedAt)}${board.final ? ', final' : ''}`;
  say(panel, '');
}

async function listTiers(panel) {
  const tier = find(panel, 'choice').elements.tier;
  const answer = await call('GET', 'leaderboards/tiers');
  if (!succeeded(panel, answer)) return false;
  const mine = tier.value || session.current.me?.profile?.tierCode;
  tier.replaceChildren(...answer.json.items.map(t => el('option', { value: t.tier, selected: t.tier === mine }, `${t.tier} (${t.members})`)));
  return true;
}

/** Shown, or the account changed. */
export async function shown(panel) {
  if (!session.current?.me) {
    say(panel, 'Sign in on the Authentication tab to read the boards.', 'bad');
    return;
  }
  if (await listTiers(panel)) await load(panel);
}

export function start(panel) {
  const choice = find(panel, 'choice');
  choice.addEventListener('change', event => {
    if (event.target.name === 'auto') {
      clearInterval(timer);
      if (event.target.checked) timer = setInterval(() => load(panel), AUTO_REFRESH_MS);
      return;
    }
    page = 1;
    load(panel);
  });
  choice.addEventListener('submit', event => { event.preventDefault(); load(panel); });
  find(panel, 'previous').addEventListener('click', () => { page--; load(panel); });
  find(panel, 'next').addEventListener('click', () => { page++; load(panel); });
}
