// The API tester: lists with pages, forms to create, read, change and delete, and any request by hand.

import { call, el, find, onSession, session } from './core.js';
import { highlighted } from './json.js';

const levels = ['beginner', 'intermediate', 'advanced'];
const in30Days = () => new Date(Date.now() + 30 * 86400000).toISOString().slice(0, 16) + 'Z';

// A field: its name in the body (dots lead into objects), its type or its options, and what stands in it at first.
const entities = {
  Users: {
    filters: ['status', 'role', 'tier', 'state', 'email'], list: 'users', one: 'users', create: 'users',
    createFields: [['email', 'email'], ['password', 'password'], ['dateOfBirth', 'date', '1990-04-12'], ['state', 'text', 'TX'],
      ['profile.displayName', 'text'], ['profile.biologicalSex', ['female', 'male']], ['profile.fitnessLevel', levels, 'intermediate']],
    updateFields: [['role', ['', 'user', 'premium', 'admin']], ['status', ['', 'active', 'suspended']], ['state', 'text'], ['email', 'email']],
  },
  Activities: {
    filters: ['activity_type', 'sport', 'source', 'status'], list: 'activities', one: 'activities', create: 'activities',
    createFields: [['sport', 'text', 'running'], ['startedAt', 'text', new Date(Date.now() - 7200000).toISOString()], ['durationSeconds', 'number', 1800], ['title', 'text']],
    updateFields: [['title', 'text'], ['durationSeconds', 'number']], updateMethod: 'PATCH',
  },
  Drawings: {
    filters: ['status', 'type'], list: 'drawings', one: 'drawings', create: 'admin/drawings',
    createFields: [['name', 'text'], ['type', ['daily', 'weekly', 'monthly', 'annual']], ['drawAt', 'text', in30Days()], ['prizes.0.name', 'text'], ['prizes.0.rank', 'number', 1], ['prizes.0.valueCents', 'number', 5000]],
  },
  Sponsors: {
    filters: ['name'], list: 'admin/sponsors', one: 'admin/sponsors', create: 'admin/sponsors',
    createFields: [['name', 'text'], ['websiteUrl', 'text', 'https://example.com']], updateFields: [['name', 'text'], ['websiteUrl', 'text']],
  },
  'Drawing templates': { filters: ['type'], list: 'admin/drawing-templates', one: 'admin/drawing-templates' },
  Tickets: { filters: ['drawing_id', 'status', 'kind'], list: 'tickets' },
  Fulfillments: { filters: ['status', 'kind', 'drawing_id'], list: 'fulfillments', one: 'fulfillments' },
  'Point transactions': { filters: ['type', 'reference_kind', 'earned_on'], list: 'points/transactions' },
  Sessions: { list: 'users/me/sessions', one: null, remove: 'users/me/sessions' },
  'Audit log': { filters: ['action', 'actor_id', 'subject_kind', 'subject_id'], list: 'admin/audit' },
};

let entity = entities.Users;
let page = 1;

const fieldOf = ([name, type, value], required) => el('label', {}, name.split('.').at(-1).replace(/([A-Z])/g, ' $1').toLowerCase().replace(/^./, c => c.toUpperCase()),
  Array.isArray(type)
    ? el('select', { name }, type.map(option => el('option', { value: option, selected: option === value }, option || 'unchanged')))
    : el('input', { name, type, value: value ?? '', required: required && name !== 'title', autocomplete: 'off' }));

/** What the list is asked for beside its page. */
function query(panel) {
  const { sort, filter, value } = find(panel, 'listing').elements;
  const asked = [['sort', sort.value.trim()], [`filter[${filter.value}]`, value.value.trim()]];
  return asked.filter(([, text]) => text).map(([name, text]) => `&${name}=${encodeURIComponent(text)}`).join('');
}

/** The form's filled fields as a body: prizes.0.name becomes { prizes: [{ name }] }. */
function bodyOf(form) {
  const body = {};
  for (const [name, text] of new FormData(form)) {
    if (name === 'id' || text === '') continue;
    const path = name.split('.');
    let at = body;
    path.slice(0, -1).forEach((key, i) => at = at[key] ??= /^\d+$/.test(path[i + 1]) ? [] : {});
    at[path.at(-1)] = form.elements[name].type === 'number' ? Number(text) : text;
  }
  return body;
}

function showAnswer(panel, answer) {
  find(panel, 'code').textContent = `HTTP ${answer.status}`;
  find(panel, 'code').className = answer.ok ? 'badge' : 'badge bad';
  find(panel, 'took').textContent = `${answer.ms} ms`;
  find(panel, 'asked').textContent = `${answer.method} /api/v1/${answer.path}`;
  find(panel, 'body').replaceChildren(answer.json === null ? el('p', { class: 'empty' }, answer.text || 'The answer has no body.') : highlighted(answer.json));
  find(panel, 'response').hidden = false;
}

async function list(panel) {
  const answer = await call('GET', `${entity.list}?page=${page}&per_page=10${query(panel)}`);
  showAnswer(panel, answer);
  const pages = answer.json?.pagination;
  find(panel, 'pages').hidden = !pages;
  if (!pages) return;
  find(panel, 'page').textContent = `Page ${pages.page} of ${Math.max(1, pages.totalPages)}, ${pages.total} in all`;
  find(panel, 'previous').disabled = pages.page <= 1;
  find(panel, 'next').disabled = pages.page >= pages.totalPages;
}

function arrange(panel, name) {
  entity = entities[name];
  page = 1;
  const listing = find(panel, 'listing');
  listing.elements.filter.replaceChildren(...(entity.filters ?? []).map(field => el('option', {}, field)));
  [listing.elements.sort.value, listing.elements.value.value] = ['', ''];
  find(listing, 'filters').hidden = !entity.filters;
  const one = name.replace(/ies$/, 'y').replace(/s$/, '');
  for (const [action, path, fields] of [['create', entity.create, entity.createFields], ['get', entity.one, []], ['update', entity.updateFields && entity.one, entity.updateFields], ['delete', entity.remove ?? entity.one, []]]) {
    const form = find(panel, action);
    form.hidden = !path;
    find(form, 'title').textContent = `${action.replace(/^./, c => c.toUpperCase())} ${one}`;
    find(form, 'fields')?.replaceChildren(...(fields ?? []).map(f => fieldOf(f, action === 'create')));
  }
}

function showHeader(panel) {
  const token = session.current?.accessToken;
  find(panel, 'authorization').value = token ? `Bearer ${token}` : '';
}

function onSubmit(panel, action, request) {
  const form = find(panel, action);
  form.addEventListener('submit', async event => {
    event.preventDefault();
    find(panel, 'pages').hidden = true;
    const [method, path, body] = request(form, form.elements.id?.value.trim());
    showAnswer(panel, await call(method, path, { body }));
    find(panel, 'response').scrollIntoView({ block: 'nearest' });
  });
}

export function start(panel) {
  const select = find(panel, 'entity');
  select.replaceChildren(...Object.keys(entities).map(name => el('option', {}, name)));
  select.addEventListener('change', () => arrange(panel, select.value));
  arrange(panel, select.value);
  find(panel, 'listing').addEventListener('submit', event => {
    event.preventDefault();
    page = 1;
    list(panel);
  });
  find(panel, 'previous').addEventListener('click', () => { page--; list(panel); });
  find(panel, 'next').addEventListener('click', () => { page++; list(panel); });
  onSubmit(panel, 'create', form => ['POST', entity.create, bodyOf(form)]);
  onSubmit(panel, 'get', (form, id) => ['GET', `${entity.one}/${encodeURIComponent(id)}`]);
  onSubmit(panel, 'update', (form, id) => [entity.updateMethod ?? 'PUT', `${entity.one}/${encodeURIComponent(id)}`, bodyOf(form)]);
  onSubmit(panel, 'delete', (form, id) => ['DELETE', `${entity.remove ?? entity.one}/${encodeURIComponent(id)}`]);
  onSubmit(panel, 'raw', form => [form.elements.method.value, form.elements.path.value.replace(/^\/?(api\/v1\/)?/, ''), form.elements.body.value.trim() || undefined]);
  onSession.addEventListener('change', () => showHeader(panel));
  showHeader(panel);
}
