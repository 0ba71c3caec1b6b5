// What the system counts and checks about itself.

import { call, el, find, number, say, session, succeeded, table, time, words } from './core.js';

const mean = spread => number(Math.round(spread.pointsPerMember));
const cards = ['users', 'activities', 'drawings', 'tickets'];

export async function shown(panel) {
  find(panel, 'content').hidden = !session.isAdmin;
  say(panel, session.isAdmin ? '' : 'Sign in as an administrator on the Authentication tab.', 'bad');
  if (!session.isAdmin) return;
  const [summary, integrity, fairness] = await Promise.all(['summary', 'integrity', 'fairness'].map(report => call('GET', `reports/${report}`)));
  if (![summary, integrity, fairness].every(answer => succeeded(panel, answer))) return;

  const counts = summary.json.entities;
  find(panel, 'cards').replaceChildren(...cards.map(name => el('div', { class: 'card', 'data-count': name },
    el('p', { class: 'big' }, number(counts.find(c => c.entity === name).count)), el('p', { class: 'hint' }, words(name)))));
  find(panel, 'entities').replaceChildren(table(['Entity', 'Rows'], counts.map(c => [c.entity, number(c.count)])));

  const { ok, orphans } = integrity.json;
  const orphaned = orphans.reduce((sum, o) => sum + o.orphans, 0);
  find(panel, 'integrity').textContent = ok ? `All is well: no orphaned records in ${orphans.length} relations, every balance and chain holds.`
    : `Something is wrong: ${number(orphaned)} orphaned records; see GET /reports/integrity.`;
  find(panel, 'integrity').className = `said ${ok ? 'good' : 'bad'}`;
  find(panel, 'fairness').replaceChildren(table(['Tier', 'Members', 'Scoring', 'Points', 'Points a member', 'Without multiplier', 'Median', 'Gini'],
    fairness.json.tiers.map(t => [t.tier, number(t.members), number(t.scoring), number(t.earned.points), mean(t.earned),
      mean(t.withoutMultiplier), number(t.earned.median), t.earned.gini.toFixed(2)])));
  find(panel, 'generated').textContent = `Read ${time(summary.json.generatedAt)}`;
}

export function start(panel) {
  find(panel, 'reload').addEventListener('click', () => shown(panel));
}
