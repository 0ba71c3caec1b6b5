// Without a network, pages become the offline page. Nothing else is kept: pages belong to whoever is signed in.
const shell = 'fittrack-shell-1';
const offline = '/offline';

/** Where a browser has cleared what was kept. */
const nothingKept = () => new Response(
  '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>You are offline · FitTrack</title><h1>You are offline</h1><p>FitTrack cannot be reached. <a href="/">Try again</a></p></html>',
  { status: 503, headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': "default-src 'none'" } });

const unreachable = async () => (await caches.match(offline)) ?? nothingKept();

/** Another theme was chosen: the offline page has it too, or where it cannot be had the one before. */
async function followed(answer) {
  const cache = await caches.open(shell);
  await cache.add('/theme.css').catch(() => {});
  return answer;
}

/** The page, and the styles and symbols that it names. */
async function keep() {
  const cache = await caches.open(shell);
  const page = await fetch(offline, { cache: 'reload', credentials: 'omit' });
  const html = await page.clone().text();
  const parts = [...html.matchAll(/(?:href|src)="([^"#]+\.(?:css|svg))"/g)].map(m => new URL(m[1], self.location.origin).href);
  await cache.put(offline, page);
  await cache.addAll(new Set(parts));
}

self.addEventListener('install', e => e.waitUntil(keep().then(() => self.skipWaiting())));

self.addEventListener('activate', e => e.waitUntil((async () => {
  for (const name of await caches.keys()) {
    if (name !== shell) await caches.delete(name);
  }
  await self.clients.claim();
})()));

self.addEventListener('fetch', e => {
  const { request } = e;
  const { pathname } = new URL(request.url);
  if (request.method === 'POST' && pathname === '/theme') e.respondWith(fetch(request).then(followed, unreachable));
  if (request.method !== 'GET') return;
  if (request.mode === 'navigate') e.respondWith(fetch(request).catch(unreachable));
  else if (/\.(css|svg)$/.test(pathname)) e.respondWith(fetch(request).catch(async error => (await caches.match(request)) ?? Promise.reject(error)));
});
