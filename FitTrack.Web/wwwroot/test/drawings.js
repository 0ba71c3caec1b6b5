// Drawings to enter, own tickets, and won prizes.

import { ask, call, choices, closing, dollars, el, find, number, problemOf, say, session, succeeded, table, time, words } from './core.js';

function left(until) {
  const seconds = Math.max(0, Math.floor((new Date(until) - Date.now()) / 1000));
  const [days, hours, minutes] = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
  return days > 0 ? `${days} d ${hours} h` : hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${seconds % 60} s`;
}

/** Counts every countdown on the panel down. */
const tick = panel => panel.querySelectorAll('[data-until]').forEach(c => { c.textContent = `Closes in ${left(c.dataset.until)}`; });

async function buy(panel, drawing) {
  const quantity = el('input', { type: 'number', min: 1, max: 100, value: 1, required: true });
  const answer = await ask(`Buy tickets: ${drawing.name}`, el('p', {}, `${number(drawing.ticketPrice)} points each.`), el('label', {}, 'Quantity', quantity), choices('Confirm Purchase'));
  if (answer !== 'yes') return;
  const bought = await call('POST', `drawings/${drawing.id}/tickets`, { body: { quantity: Number(quantity.value) }, headers: { 'Idempotency-Key': crypto.randomUUID() } });
  if (!succeeded(panel, bought)) return;
  await shown(panel);
  say(panel, `${bought.json.quantity} ticket${bought.json.quantity === 1 ? '' : 's'} purchased`);
}

async function details(drawing) {
  const [shown, results] = await Promise.all([call('GET', `drawings/${drawing.id}`), drawing.status === 'completed' ? call('GET', `drawings/${drawing.id}/results`) : null]);
  if (!shown.ok) return ask(drawing.name, el('p', {}, problemOf(shown)), closing());
  const d = shown.json;
  const won = results?.json;
  return ask(d.name,
    el('p', {}, d.description ?? ''),
    el('p', {}, `Odds now: ${d.odds.now ?? 'no ticket yet'}. ${d.odds.afterBuying.map(o => `${o.quantity} more: ${o.odds}`).join(', ')}`),
    won ? table(['Winner', 'Ticket', 'Prize'], won.winners.map(w => [w.displayName, `#${w.ticketNumber}`, `${w.prize} (${dollars(w.valueCents)})`]), 'Nobody won.') : null,
    won ? el('p', {}, `${number(won.ticketsSold)} tickets. ${won.won === null ? '' : won.won ? 'You won.' : 'You did not win this time.'}`) : null,
    closing());
}

const card = (panel, d) => el('article', { class: 'card' },
  el('h3', {}, d.name, ' ', el('span', { class: 'badge' }, d.status)),
  el('p', {}, `${words(d.type)} · ${number(d.ticketPrice)} points a ticket · 1 in ${number(d.ticketsSold + 1)} with one more ticket`),
  el('ul', {}, d.prizes.map(p => el('li', {}, `${p.quantity} × ${p.name}, ${dollars(p.valueCents)}`))),
  d.status === 'open' ? el('p', { class: 'hint', 'data-until': d.salesCloseAt }) : el('p', { class: 'hint' }, `Draw ${time(d.drawAt)}`),
  el('div', { class: 'row' },
    d.status === 'open' ? el('button', { type: 'button', onclick: () => buy(panel, d) }, 'Buy Tickets') : null,
    el('button', { type: 'button', class: 'quiet', onclick: () => details(d) }, 'Details')));

async function provideAddress(panel, prize) {
  const fields = [['name', 'Name'], ['line1', 'Street'], ['line2', 'Flat, floor (if any)'], ['city', 'City'], ['state', 'State (two letters)'], ['postalCode', 'Postal code'], ['phone', 'Telephone (if any)']];
  const inputs = fields.map(([name, label]) => el('label', {}, label, el('input', { name, required: !label.endsWith('(if any)'), maxLength: 80 })));
  if (await ask(`Where should it go? ${prize.prizeName}`, ...inputs, choices('Send address')) !== 'yes') return;
  const body = Object.fromEntries(inputs.map(l => l.querySelector('input')).map(i => [i.name, i.value.trim() || null]));
  const answer = await call('PUT', `fulfillments/${prize.id}/address`, { body });
  if (succeeded(panel, answer)) say(panel, 'The address is confirmed.');
  await mine(panel);
}

async function showCode(prize) {
  const shown = await call('GET', `fulfillments/${prize.id}`);
  await ask(prize.prizeName, el('p', { class: 'mono' }, shown.ok ? shown.json.code : problemOf(shown)), closing());
}

function prizeAction(panel, f) {
  if (f.status === 'winner_notified') return el('button', { type: 'button', onclick: () => provideAddress(panel, f) }, 'Provide Address');
  if (f.kind === 'digital') return el('button', { type: 'button', class: 'quiet', onclick: () => showCode(f) }, 'Show code');
  return f.trackingNumber ? `${f.carrier} ${f.trackingNumber}` : '';
}

async function mine(panel) {
  if (!session.current) return;
  const [balance, tickets, prizes] = await Promise.all([call('GET', 'points/balance'), call('GET', 'tickets?per_page=20'), call('GET', 'fulfillments?per_page=20')]);
  find(panel, 'balance').textContent = balance.ok ? `${number(balance.json.balance)} points` : '';
  if (tickets.ok) {
    find(panel, 'tickets').replaceChildren(table(['Drawing', 'Ticket', 'Bought', 'Prize'],
      tickets.json.items.map(t => [t.drawingName, t.number ? `#${t.number}` : 'numbered at close', time(t.purchasedAt), t.prize ?? '–']), 'No tickets yet.'));
  }
  if (prizes.ok) {
    find(panel, 'prizes').replaceChildren(table(['Prize won', 'Drawing', 'Ticket', 'Status', ''],
      prizes.json.items.map(f => [f.prizeName, f.drawingName, `#${f.ticketNumber}`, f.status, prizeAction(panel, f)]), 'Nothing won yet.'));
  }
}

export async function shown(panel) {
  const status = find(panel, 'filter').value;
  const answer = await call('GET', `drawings?per_page=24${status ? `&filter[status]=${status}` : ''}`);
  if (!succeeded(panel, answer)) return;
  find(panel, 'list').replaceChildren(...answer.json.items.map(d => card(panel, d)), ...(answer.json.items.length ? [] : [el('p', { class: 'empty' }, 'No such drawing.')]));
  tick(panel);
  await mine(panel);
}

export function start(panel) {
  find(panel, 'filter').addEventListener('change', () => shown(panel));
  setInterval(() => tick(panel), 1000);
}
