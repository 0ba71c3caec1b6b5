// Drawings and prizes as an administrator handles them.

import { ask, call, choices, el, find, number, say, session, succeeded, table, time, words } from './core.js';

const steps = { draft: [['schedule', 'Schedule']], scheduled: [['open', 'Open']], open: [['close', 'Close']], closed: [['execute', 'Execute Drawing']] };

const button = (label, action) => el('button', { type: 'button', class: 'quiet', onclick: action }, label);

async function step(panel, drawing, action, body) {
  const answer = await call('POST', `admin/drawings/${drawing.id}/${action}`, { body });
  // The Worker may have been quicker.
  if (!succeeded(panel, answer)) return drawings(panel);
  const results = answer.json.status === 'completed' ? await call('GET', `drawings/${drawing.id}/results`) : null;
  const winners = results?.json?.winners.map(w => `${w.displayName} with #${w.ticketNumber}`).join(', ');
  await drawings(panel);
  await fulfillments(panel);
  say(panel, `${drawing.name} is ${answer.json.status}.${winners ? ` Winners: ${winners}.` : ''}`);
}

/** Asks for a reason and does what needs one. */
async function because(heading, label, act) {
  const reason = el('input', { required: true, maxLength: 300 });
  if (await ask(heading, el('label', {}, 'Reason', reason), choices(label)) === 'yes') await act({ reason: reason.value });
}

async function ship(panel, item) {
  const carrier = el('input', { required: true, maxLength: 50 });
  const tracking = el('input', { required: true, maxLength: 100 });
  if (await ask(`Ship: ${item.prize.prizeName}`, el('label', {}, 'Carrier', carrier), el('label', {}, 'Tracking number', tracking), choices('Mark as Shipped')) !== 'yes') return;
  await move(panel, item, 'ship', { carrier: carrier.value, trackingNumber: tracking.value });
}

async function move(panel, item, action, body) {
  const answer = await call('POST', `admin/fulfillments/${item.prize.id}/${action}`, { body });
  if (succeeded(panel, answer)) say(panel, `${item.prize.prizeName} is ${words(answer.json.status).toLowerCase()}.`);
  await fulfillments(panel);
}

async function drawings(panel) {
  const answer = await call('GET', 'admin/drawings?per_page=20');
  if (!succeeded(panel, answer)) return;
  const cancel = d => ['draft', 'scheduled', 'open'].includes(d.status)
    ? button('Cancel', () => because(`Cancel ${d.name}?`, 'Cancel Drawing', body => step(panel, d, 'cancel', body))) : null;
  find(panel, 'drawings').replaceChildren(table(['Name', 'Step', 'Status', 'Type', 'Draw', 'Sold'], answer.json.items.map(d => [
    d.name, el('span', { class: 'row' }, (steps[d.status] ?? []).map(([action, label]) => button(label, () => step(panel, d, action))), cancel(d)),
    el('span', { class: 'badge' }, d.status), words(d.type), time(d.drawAt), number(d.ticketsSold)])));
}

/** What can be done next; a forfeited prize goes to the next alternate. */
function actions(panel, item) {
  const { status, prizeName } = item.prize;
  return el('span', { class: 'row' },
    status === 'address_confirmed' ? button('Mark as Shipped', () => ship(panel, item)) : null,
    status === 'shipped' ? button('Mark as Delivered', () => move(panel, item, 'deliver')) : null,
    ['winner_notified', 'address_confirmed'].includes(status) ? button('Forfeit', () => because(`Forfeit ${prizeName}?`, 'Forfeit', body => move(panel, item, 'forfeit', body))) : null);
}

async function fulfillments(panel) {
  const status = find(panel, 'queue').value;
  const answer = await call('GET', `admin/fulfillments?per_page=20${status ? `&filter[status]=${status}` : ''}`);
  if (!succeeded(panel, answer)) return;
  // Every reading of an address is noted, so only those are read that are needed: of what is to be shipped.
  const opened = await Promise.all(answer.json.items.map(i => i.prize.status === 'address_confirmed' ? call('GET', `admin/fulfillments/${i.prize.id}`) : null));
  const address = a => a ? [a.name, a.line1, a.line2, `${a.city}, ${a.state} ${a.postalCode}`].filter(Boolean).join(', ') : '–';
  find(panel, 'fulfillments').replaceChildren(table(['Winner', 'Prize', 'Status', 'Address', 'Step'], answer.json.items.map((item, i) => [
    item.winner, item.prize.prizeName, el('span', {}, el('span', { class: 'badge' }, item.prize.status), item.isOverdue ? ' overdue' : ''),
    opened[i] ? address(opened[i].json?.address) : item.prize.hasAddress ? 'on file' : '–', actions(panel, item)])));
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
  find(panel, 'queue').addEventListener('change', () => fulfillments(panel));
  form.addEventListener('submit', async event => {
    event.preventDefault();
    const { name, type, drawAt, ticketPrice, prize, valueDollars, kind } = Object.fromEntries(new FormData(form));
    const answer = await call('POST', 'admin/drawings', {
      body: { name, type, drawAt: new Date(drawAt).toISOString(), ticketPrice: ticketPrice ? Number(ticketPrice) : null, entropy: 'commit', prizes: [{ rank: 1, name: prize, valueCents: Math.round(Number(valueDollars) * 100), kind }] },
    });
    if (!succeeded(panel, answer)) return;
    await drawings(panel);
    say(panel, `${name} is a draft.`);
  });
}
