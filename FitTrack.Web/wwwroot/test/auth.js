// Sign-in, registration, and the tokens that they give.

import { call, claims, el, find, onSession, problemOf, say, session, time } from './core.js';
import { highlighted } from './json.js';

async function signIn(panel, email, password, twoFactorCode) {
  const answer = await call('POST', 'auth/login', { body: { email, password, twoFactorCode: twoFactorCode || null } });
  if (!answer.ok) {
    say(panel, problemOf(answer), 'bad');
    return;
  }
  session.current = { ...answer.json, me: null };
  const me = await call('GET', 'users/me');
  session.current = { ...session.current, me: me.json };
  say(panel, `Signed in as ${email}.`);
}

async function register(panel, form) {
  const { email, password, dateOfBirth, state, displayName } = Object.fromEntries(new FormData(form));
  const answer = await call('POST', 'auth/register', {
    body: { email, password, dateOfBirth, state, profile: { displayName, biologicalSex: 'female', fitnessLevel: 'intermediate' } },
  });
  say(panel, answer.ok ? `${answer.json.message}. Check the mail of ${email} and follow the link; in Development it waits in the mail drop of the Api (/mail).` : problemOf(answer), answer.ok ? 'good' : 'bad');
}

async function signOut() {
  if (session.current) await call('POST', 'auth/logout');
  session.current = null;
}

function showTokens(panel) {
  const tokens = session.current;
  find(panel, 'access').value = tokens?.accessToken ?? '';
  find(panel, 'refresh').value = tokens?.refreshToken ?? '';
  find(panel, 'expires').textContent = tokens ? time(claims(tokens.accessToken).exp * 1000) : '–';
  find(panel, 'claims').replaceChildren(tokens ? highlighted(claims(tokens.accessToken)) : el('p', { class: 'empty' }, 'Sign in to see what the token says.'));
  find(panel, 'protected').disabled = !tokens;
  find(panel, 'renew').disabled = !tokens;
}

export function start(panel) {
  const login = find(panel, 'login');
  login.addEventListener('submit', event => {
    event.preventDefault();
    const { email, password, code } = Object.fromEntries(new FormData(login));
    signIn(panel, email, password, code);
  });
  for (const button of panel.querySelectorAll('[data-demo]')) {
    button.addEventListener('click', () => {
      login.elements.email.value = button.dataset.demo;
      login.elements.password.value = login.dataset.password;
      login.requestSubmit();
    });
  }
  const registration = find(panel, 'register');
  registration.addEventListener('submit', event => {
    event.preventDefault();
    register(panel, registration);
  });
  find(panel, 'protected').addEventListener('click', async () => {
    const answer = await call('GET', 'users/me');
    find(panel, 'answer').replaceChildren(
      el('p', {}, el('span', { class: answer.ok ? 'badge' : 'badge bad' }, `HTTP ${answer.status}`), ` GET /api/v1/users/me in ${answer.ms} ms`),
      highlighted(answer.json));
  });
  find(panel, 'renew').addEventListener('click', async () => {
    const answer = await call('POST', 'auth/refresh', { body: { refreshToken: session.current.refreshToken } });
    session.current = answer.ok ? { ...answer.json, me: session.current.me } : null;
    say(panel, answer.ok ? 'Both tokens are new.' : problemOf(answer), answer.ok ? 'good' : 'bad');
  });
  find(document.getElementById('who'), 'sign-out').addEventListener('click', signOut);
  onSession.addEventListener('change', () => showTokens(panel));
  showTokens(panel);
}
