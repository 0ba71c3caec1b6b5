// Trackers: connecting (by the provider's own page, or the simulator's), synchronising, and what came of it.

import { ask, call, choices, closing, el, find, number, problemOf, say, session, succeeded, table, time, words } from './core.js';
import { highlighted } from './json.js';

const PATIENCE_MS = 30_000;
const BETWEEN_LOOKS_MS = 1_000;
const names = { apple_health: 'Apple Health', google_fit: 'Google Fit', fitbit: 'Fitbit', garmin: 'Garmin', strava: 'Strava', hevy: 'Hevy', google_calendar: 'Google Calendar' };
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
  find(panel, 'connections').replaceChildren(table(['Tracker', 'Status', 'Last sync', ''], answer.json.items.map(c => [
    el('span', {}, nameOf(c.provider), c.isPrimary ? el('span', { class: 'badge' }, 'primary') : null),
    c.lastError ? `${words(c.status)}: ${c.lastError}` : words(c.status), time(c.lastSyncAt),
    el('span', { class: 'row' },
      button('Trigger Sync', () => sync(panel, c.provider)),
      c.isPrimary ? null : button('Make Primary', () => makePrimary(panel, c.provider)),
      button('Disconnect', () => disconnect(panel, c.provider)))]), 'No tracker is connected.'));
  return answer.json.items;
}

async function activities(panel) {
  const answer = await call('GET', 'activities?per_page=20');
  if (!answer.ok) return null;
  find(panel, 'activities').replaceChildren(table(['Activity', 'When', 'Duration', 'Intensity', 'Points'], answer.json.items.map(a => [
    el('button', { type: 'button', class: 'link', onclick: () => metrics(a) }, words(a.title ?? a.sport ?? a.activityType)),
    time(a.startedAt), `${Math.round(a.durationSeconds / 60)} min`, words(a.intensity ?? '–'),
    a.pointsEarned > 0 ? `+${number(a.pointsEarned)}, multiplier of ${session.current?.me?.profile?.tierCode ?? 'your tier'} included` : a.explanation ?? '0']), 'No activities yet.'));
  return answer.json;
}

async function metrics(activity) {
  const answer = await call('GET', `activities/${activity.id}`);
  await ask(words(activity.title ?? activity.sport ?? activity.activityType), answer.ok ? highlighted(answer.json) : el('p', {}, problemOf(answer)), closing());
}

async function connect(panel, provider) {
  const started = await call('POST', `connections/${provider}/initiate`, { body: {} });
  if (!succeeded(panel, started)) return;
  window.open(started.json.authUrl, '_blank', 'noopener');
  say(panel, `Waiting for ${nameOf(provider)}: give your consent on the page that opened.`);
  busy(panel, true);
  const isThere = await until(async () => (await connections(panel)).some(c => c.provider === provider && c.status === 'connected'));
  busy(panel, false);
  say(panel, isThere ? `${nameOf(provider)} connected` : `${nameOf(provider)} has not answered.`, isThere ? 'good' : 'bad');
}

async function sync(panel, provider) {
  busy(panel, true);
  const before = (await activities(panel))?.items[0]?.id;
  const answer = await call('POST', `connections/${provider}/sync`);
  if (succeeded(panel, answer)) {
    say(panel, `Sync queued for ${nameOf(provider)}`);
    await until(async () => (await activities(panel))?.items[0]?.id !== before);
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

export async function shown(panel) {
  find(panel, 'content').hidden = !session.current;
  say(panel, session.current ? '' : 'Sign in on the Authentication tab.', 'bad');
  if (!session.current) return;
  await connections(panel);
  await activities(panel);
}

export function start(panel) {
  const provider = find(panel, 'provider');
  provider.replaceChildren(...Object.entries(names).map(([value, label]) => el('option', { value }, label)));
  find(panel, 'connect').addEventListener('click', () => connect(panel, provider.value));
}
