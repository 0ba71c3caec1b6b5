// Trackers: connecting (by the provider's own page, or the simulator's), synchronising, and what came of it.

import { RETURNS, ask, call, choices, closing, el, find, number, problemOf, say, session, succeeded, table, time, words } from './core.js';
import { highlighted } from './json.js';

const PATIENCE_MS = 30_000;
const BETWEEN_LOOKS_MS = 1_000;
const names = { fitbit: 'Fitbit', garmin: 'Garmin', google_fit: 'Google Fit', apple_health: 'Apple Health', strava: 'Strava', hevy: 'Hevy' };
const nameOfActivity = activity => words(activity.title ?? activity.sport ?? activity.activityType);
const nameOf = provider => names[provider] ?? words(provider);

/** Asks again until the answer is there or patience ends; true when it came. */
async function until(isThere) {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end;) {
    if (await isThere()) return true;
    await new Promise(resolve => setTimeout(resolve, BETWEEN_LOOKS_MS));
  }
  return false;
}

const busy = (panel, isBusy) => { find(panel, 'busy').hidden = !isBusy; };

async function connections(panel) {
  const answer = await call('GET', 'connections');
  if (!succeeded(panel, answer)) return [];
  const button = (label, action, quiet = true) => el('button', { type: 'button', class: quiet ? 'quiet' : null, onclick: action }, label);
  find(panel, 'connections').replaceChildren(table(['Tracker', 'Actions', 'Status', 'Last sync'], answer.json.items.map(c => [
    el('span', { class: 'row' }, nameOf(c.provider), c.isPrimary ? el('span', { class: 'badge' }, 'primary') : null),
    el('span', { class: 'row' },
      button('Trigger Sync', () => sync(panel, c.provider)),
      c.isPrimary ? null : button('Make Primary', () => makePrimary(panel, c.provider)),
      button('Disconnect', () => disconnect(panel, c.provider))),
    c.lastError ? `${words(c.status)}: ${c.lastError}` : words(c.status), time(c.lastSyncAt)]), 'No tracker is connected.'));
  return answer.json.items;
}

/** Shows the log; answers what it is now, to be compared. */
async function activities(panel) {
  const answer = await call('GET', 'activities?per_page=20');
  if (!succeeded(panel, answer)) return null;
  const code = session.current?.me?.profile?.tierCode;
  const tier = code ? `tier ${code}` : 'your tier';
  find(panel, 'activities').replaceChildren(table(['Activity', 'When', 'Duration', 'Intensity', 'Points'], answer.json.items.map(a => [
    el('span', { class: 'row' }, el('button', { type: 'button', class: 'link', onclick: () => metrics(a) }, nameOfActivity(a)), a.activityType === 'workout' ? el('span', { class: 'badge' }, 'Workout') : null),
    time(a.startedAt), a.durationSeconds > 0 ? `${Math.round(a.durationSeconds / 60)} min` : '–', words(a.intensity ?? '–'),
    a.pointsEarned > 0 ? `+${number(a.pointsEarned)}, adjusted for ${tier}` : a.explanation ?? '0']), 'No activities yet.'));
  return answer.text;
}

async function metrics(activity) {
  const answer = await call('GET', `activities/${activity.id}`);
  await ask(nameOfActivity(activity), answer.ok ? highlighted(answer.json) : el('p', {}, problemOf(answer)), closing());
}

async function connect(panel, provider, apiKey) {
  const started = await call('POST', `connections/${provider}/initiate`, { body: { apiKey: apiKey || null } });
  if (!succeeded(panel, started)) return;
  if (started.json.authUrl) {
    window.open(started.json.authUrl, '_blank', 'noopener');
    say(panel, `Waiting for ${nameOf(provider)}: give your consent on the page that opened.`);
  }
  busy(panel, true);
  const isThere = await until(async () => (await connections(panel)).some(c => c.provider === provider && ['pending', 'connected'].includes(c.status)));
  busy(panel, false);
  say(panel, isThere ? `${nameOf(provider)} connected` : `${nameOf(provider)} has not answered.`, isThere ? 'good' : 'bad');
}

async function sync(panel, provider) {
  busy(panel, true);
  const before = await activities(panel);
  const answer = await call('POST', `connections/${provider}/sync`);
  if (succeeded(panel, answer)) {
    say(panel, `Sync queued for ${nameOf(provider)}`);
    await until(async () => await activities(panel) !== before);
    await connections(panel);
  }
  busy(panel, false);
}

async function makePrimary(panel, provider) {
  if (!succeeded(panel, await call('PUT', `connections/${provider}/set-primary`))) return;
  await connections(panel);
  say(panel, `${nameOf(provider)} is the primary tracker.`);
}

async function disconnect(panel, provider) {
  if (await ask(`Disconnect ${nameOf(provider)}?`, el('p', {}, 'Its activities stay; nothing new arrives.'), choices('Disconnect')) !== 'yes') return;
  if (!succeeded(panel, await call('DELETE', `connections/${provider}`))) return;
  await connections(panel);
  say(panel, `${nameOf(provider)} disconnected`);
}

/** Another tab came back from a provider: it is finished here, where the member is signed in. */
async function finish({ provider, state, code, scope, error, user_id: userId }, panel) {
  if (!session.current) return;
  const answer = await call('POST', `connections/${provider}/callback`, { body: { state, code, scope, error, userId } });
  if (answer.json?.result === 'connected' || answer.json?.result === 'pending') return;
  say(panel, answer.ok ? `${nameOf(provider)}: ${words(answer.json.result)}` : problemOf(answer), 'bad');
}

export async function shown(panel) {
  find(panel, 'content').hidden = !session.current;
  say(panel, session.current ? '' : 'Sign in on the Authentication tab.', 'bad');
  if (!session.current) return;
  await connections(panel);
  await activities(panel);
}

export function start(panel) {
  const provider = find(panel, 'provider');
  const key = find(panel, 'key');
  new BroadcastChannel(RETURNS).onmessage = message => finish(message.data, panel);
  provider.replaceChildren(...Object.entries(names).map(([value, label]) => el('option', { value }, label)));
  provider.addEventListener('change', () => { key.hidden = provider.value !== 'hevy'; });
  find(panel, 'connect').addEventListener('click', () => connect(panel, provider.value, key.hidden ? null : key.querySelector('input').value.trim()));
}
