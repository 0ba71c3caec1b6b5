// Drawings and prizes as an administrator handles them.

import { ask, call, choices, el, find, number, say, session, succeeded, table, time, words } from './core.js';

const steps = { draft: [['schedule', 'Schedule']], scheduled: [['open', 'Open']], open: [['close', 'Close']], closed: [['execute', 'Execute Drawing']] };

async function step(panel, drawing, action) {
  const answer = await call('POST', `admin/drawings/${drawing.id}/${action}`);
  if (!succeeded(panel, answer)) return;
  const results = answer.json.status === 'completed' ? await call('GET', `drawings/${drawing.id}/results`) : null;
  const winners = results?.json?.winners.map(w => `${w.displayName} with #${w.ticketNumber}`).join(', ');
  say(panel, `${drawing.name} is ${answer.json.status}.${winners ? ` Winners: ${winners}.` : ''}`);
  await drawings(panel);
}

async function ship(panel, prize) {
  const carrier = el('input', { required: true, maxLength: 50, value: 'UPS' });
  const tracking = el('input', { required: true, maxLength: 100 });
  if (await ask(`Ship: ${prize.prizeName}`, el('label', {}, 'Carrier', carrier), el('label', {}, 'Tracking number', tracking), choices('Mark as Shipped')) !== 'yes') return;
  if (succeeded(panel, await call('POST', `admin/fulfillments/${prize.id}/ship`, { body: { carrier: carrier.value, trackingNumber: tracking.value } }))) say(panel, `${prize.prizeName} is shipped.`);
  await fulfillments(panel);
}

async function deliver(panel, prize) {
  if (succeeded(panel, await call('POST', `admin/fulfillments/${prize.id}/deliver`))) say(panel, `${prize.prizeName} is delivered.`);
  await fulfillments(panel);
}

async function drawings(panel) {
  const answer = await call('GET', 'admin/drawings?per_page=20');
  if (!succeeded(panel, answer)) return;
  find(panel, 'drawings').replaceChildren(table(['Name', 'Type', 'Status', 'Draw', 'Sold', 'Step'], answer.json.items.map(d => [
    d.name, words(d.type), el('span', { class: 'badge' }, d.status), time(d.drawAt), number(d.ticketsSold),
    el('span', { class: 'row' }, (steps[d.status] ?? []).map(([action, label]) => el('button', { type: 'button', class: 'quiet', onclick: () => step(panel, d, action) }, label)))])));
}

async function fulfillments(panel) {
  const answer = await call('GET', 'admin/fulfillments?per_page=10');
  if (!succeeded(panel, answer)) return;
  const opened = await Promise.all(answer.json.items.map(f => call('GET', `admin/fulfillments/${f.id}`)));
  const actions = f => f.status === 'address_confirmed' ? el('button', { type: 'button', class: 'quiet', onclick: () => ship(panel, f) }, 'Mark as Shipped')
    : f.status === 'shipped' ? el('button', { type: 'button', class: 'quiet', onclick: () => deliver(panel, f) }, 'Mark as Delivered') : '';
  const address = a => a ? [a.name, a.line1, a.line2, `${a.city}, ${a.state} ${a.postalCode}`].filter(Boolean).join(', ') : '–';
  find(panel, 'fulfillments').replaceChildren(table(['Winner', 'Prize', 'Status', 'Address', 'Step'], answer.json.items.map((f, i) => [
    opened[i].json?.winner, f.prizeName, words(f.status), address(opened[i].json?.address), actions(f)])));
}

export async function shown(panel) {
  find(panel, 'content').hidden = !session.isAdmin;
  say(panel, session.isAdmin ? '' : 'Sign in as an administrator on the Authentication tab.', 'bad');
  if (!session.isAdmin) return;
  await drawings(panel);
  await fulfillments(panel);
}

export function start(panel) {
  const form = find(panel, 'create');
  form.addEventListener('submit', async event => {
    event.preventDefault();
    const { name, type, drawAt, prize, valueDollars, kind } = Object.fromEntries(new FormData(form));
    const answer = await call('POST', 'admin/drawings', {
      body: { name, type, drawAt: new Date(drawAt).toISOString(), entropy: 'commit', prizes: [{ rank: 1, name: prize, valueCents: Math.round(Number(valueDollars) * 100), kind }] },
    });
    if (!succeeded(panel, answer)) return;
    await drawings(panel);
    say(panel, `${name} is a draft.`);
  });
}
