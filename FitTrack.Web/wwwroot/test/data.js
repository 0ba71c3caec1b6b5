// Demo data: adding it, and beginning anew.

import { ask, call, choices, el, find, number, say, session, table, watch, words } from './core.js';

/** Runs one of the two with its progress; true when it ended well. */
async function run(panel, path, done) {
  const form = find(panel, 'amounts');
  const body = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, Number(value)]));
  const buttons = panel.querySelectorAll('button');
  buttons.forEach(b => b.disabled = true);
  find(panel, 'busy').hidden = false;
  find(panel, 'counts').replaceChildren();
  say(panel, '');
  let counts = null;
  try {
    const problem = await watch('POST', path, body, (kind, event) => {
      if (kind === 'done') counts = event.counts;
      else show(panel, event);
    });
    if (!problem && !counts) throw new Error('The connection ended before it was done.');
    if (problem) say(panel, problem.errors?.length ? problem.errors.map(e => e.message).join(' ') : problem.detail, 'bad');
    else {
      find(panel, 'counts').replaceChildren(table(['Entity', 'Rows'], counts.filter(c => c.count > 0).map(c => [c.entity, number(c.count)])));
      say(panel, done);
    }
  } catch (error) {
    say(panel, `It did not end well: ${error.message}`, 'bad');
  } finally {
    buttons.forEach(b => b.disabled = false);
    find(panel, 'busy').hidden = true;
  }
  if (!counts) await shown(panel);
  return counts !== null;
}

function show(panel, { step, done, total }) {
  find(panel, 'step').textContent = `${words(step)}: ${number(done)} of ${number(total)}`;
  const bar = find(panel, 'bar');
  bar.max = total;
  bar.value = done;
}

async function reset(panel) {
  const answer = await ask('Reset the database?', el('p', {}, 'Everything is deleted, the schema is applied anew, the demo data is made again. Everybody is signed out.'), choices('Reset everything'));
  if (answer !== 'yes') return;
  if (await run(panel, 'admin/reset', 'The database was reset and seeded. Sign in again.')) session.current = null;
}

/** Counts what is there, where the account may see it. */
export async function shown(panel) {
  if (!session.isAdmin || find(panel, 'counts').hasChildNodes()) return;
  const answer = await call('GET', 'reports/summary');
  if (answer.ok) find(panel, 'counts').replaceChildren(table(['Entity', 'Rows'], answer.json.entities.filter(c => c.count > 0).map(c => [c.entity, number(c.count)])));
}

export function start(panel) {
  find(panel, 'seed').addEventListener('click', () => run(panel, 'admin/seed', 'The database was seeded.'));
  find(panel, 'reset').addEventListener('click', () => reset(panel));
}
