const about = {
  terra: 'Garmin, Fitbit and others. Webhooks are signed; phone trackers cannot be connected in a browser.',
  strava: 'Connect it in FitTrack; webhooks are hints without data.',
  hevy: 'An account is its API key: paste one into FitTrack. There are no webhooks, the next sync finds what is new.',
};
const base = { terra: 'terra/api/v2', strava: 'strava/api/v3', hevy: 'hevy/v1' };
const twists = {
  None: 'As it should be', Twice: 'Twice', Reordered: 'With a correction, in the wrong order', BrokenSignature: 'Broken signature',
  OldTimestamp: 'Signed 10 minutes ago', Unsigned: 'Unsigned', Malformed: 'Body breaks off',
};
const signed = ['BrokenSignature', 'OldTimestamp', 'Unsigned'];
const cards = new Map();
let quiet;

function say(text) {
  const status = document.querySelector('#status');
  status.textContent = text;
  clearTimeout(quiet);
  quiet = setTimeout(() => { status.textContent = ''; }, 5000);
}

async function call(method, path, body) {
  try {
    const answer = await fetch(`control${path}`, { method, headers: body ? { 'content-type': 'application/json' } : {}, body: body && JSON.stringify(body) });
    const text = await answer.text();
    const json = text ? JSON.parse(text) : {};
    if (!answer.ok) throw new Error(json.message ?? `The simulator answered ${answer.status}.`);
    return json;
  } catch (problem) {
    say(problem.message);
    return null;
  }
}

const words = name => name.replaceAll('_', ' ').replace(/^./, first => first.toUpperCase());
const values = form => Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ''));
const numbers = (given, ...names) => Object.fromEntries(Object.entries(given).map(([name, value]) => [name, names.includes(name) ? Number(value) : value]));

function fill(select, options) {
  const text = JSON.stringify(options);
  if (select.dataset.shown === text) return;
  const kept = select.value;
  select.replaceChildren(...options.map(([value, label]) => new Option(label, value)));
  select.dataset.shown = text;
  if (options.some(([value]) => value === kept)) select.value = kept;
}

async function act(name, card, what) {
  const { account, ...effort } = numbers(values(card.querySelector('.efforts')), 'minutes', 'steps');
  if (!account) return say('There is no account yet.');
  const done = await call('POST', `/${name}/accounts/${encodeURIComponent(account)}/${what}`, effort);
  if (done) say(done.deliveries.length ? done.deliveries.map(d => `${d.type}: ${d.outcome}`).join(' · ') : 'Done. No webhook tells of it.');
  await refresh();
}

async function plan(name, card, kind) {
  const fault = numbers(values(card.querySelector('.faults')), 'times', 'status', 'seconds');
  if (await call('POST', `/${name}/faults`, { ...fault, kind })) say('Planned.');
  await refresh();
}

async function add(name, form) {
  const added = await call('POST', `/${name}/accounts`, values(form));
  if (!added) return;
  await refresh();
  cards.get(name).querySelector('[name=account]').value = added.id;
  showId(cards.get(name));
  say(`Added: ${added.id}`);
}

function button(label, onclick) {
  return Object.assign(document.createElement('button'), { type: 'button', textContent: label, className: 'quiet', onclick });
}

/** The whole id, to copy: a key of Hevy's is one. */
function showId(card) {
  card.querySelector('.id').textContent = card.querySelector('[name=account]').value;
}

function build(provider, state) {
  const name = provider.name;
  const card = document.querySelector('#provider').content.firstElementChild.cloneNode(true);
  card.querySelector('h2').textContent = words(name);
  card.querySelector('.base').textContent = new URL(base[name], location.href).href;
  fill(card.querySelector('[name=sport]'), state.sports.map(sport => [sport, sport]));
  fill(card.querySelector('[name=twist]'), state.twists.filter(t => name === 'terra' || !signed.includes(t)).map(t => [t, twists[t]]));
  fill(card.querySelector('[name=provider]'), state.trackers.map(tracker => [tracker, tracker]));
  for (const only of card.querySelectorAll('.steps, .terra')) only.hidden = name !== 'terra';
  card.querySelector('.twist').hidden = name === 'hevy';
  card.querySelector('[name=account]').onchange = () => showId(card);
  for (const form of card.querySelectorAll('form')) form.onsubmit = event => event.preventDefault();
  card.querySelector('.adding').addEventListener('submit', event => add(name, event.currentTarget));
  for (const b of card.querySelectorAll('[data-do]')) b.onclick = () => act(name, card, b.dataset.do);
  for (const b of card.querySelectorAll('[data-fault]')) b.onclick = () => plan(name, card, b.dataset.fault);
  if (name === 'strava') card.querySelector('.breaking').append(button('Use up the quarter hour', () => plan(name, card, 'usedUp')));
  card.querySelector('.events').append(...provider.events.map(event => button(words(event), () => act(name, card, `events/${event}`))));
  document.querySelector('#providers').append(card);
  cards.set(name, card);
  return card;
}

function show(provider, state) {
  const card = cards.get(provider.name) ?? build(provider, state);
  card.querySelector('.about').textContent = about[provider.name] + (provider.name === 'strava' ? ` ${state.usage}.` : '');
  fill(card.querySelector('[name=account]'), provider.accounts.map(a => [a.id, `${a.name} · ${a.detail}`]));
  showId(card);
  card.querySelector('.planned').textContent = provider.faults.length
    ? `Planned: ${provider.faults.map(f => `${f.times} × ${f.kind === 'Status' ? f.status : f.kind === 'Delay' ? `delay ${f.seconds} s` : words(f.kind)}`).join(', ')}` : '';
}

function log(deliveries) {
  const table = document.querySelector('#log');
  table.hidden = deliveries.length === 0;
  document.querySelector('#none').hidden = deliveries.length > 0;
  table.tBodies[0].replaceChildren(...deliveries.map(d => {
    const row = document.createElement('tr');
    const how = [d.twist === 'None' ? '' : twists[d.twist], d.attempt > 1 ? `attempt ${d.attempt}` : ''].filter(Boolean).join(', ');
    for (const text of [new Date(d.at).toLocaleTimeString(), words(d.provider), d.type, how, d.outcome]) row.insertCell().textContent = text;
    const account = Object.assign(document.createElement('small'), { textContent: d.account });
    row.cells[2].append(account);
    row.cells[4].className = d.outcome.startsWith('2') ? 'good' : 'bad';
    return row;
  }));
}

async function refresh() {
  const state = await call('GET', '');
  if (!state) return;
  for (const provider of state.providers) show(provider, state);
  log(state.deliveries);
}

await refresh();
setInterval(() => { if (!document.hidden) refresh(); }, 5000);
