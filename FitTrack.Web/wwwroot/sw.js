// Without a network, pages become the offline page. Nothing else is kept: pages belong to whoever is signed in.
const shell = 'fittrack-shell-1';
const offline = '/offline';

self.addEventListener('install', e => e.waitUntil((async () => {
  const cache = await caches.open(shell);
  const page = await fetch(offline, { cache: 'reload', credentials: 'omit' });
  const html = await page.clone().text();
  const parts = [...html.matchAll(/(?:href|src)="([^"#]+\.(?:css|svg))"/g)].map(m => new URL(m[1], self.location.origin).href);
  await cache.put(offline, page);
  await cache.addAll(new Set(parts));
  await self.skipWaiting();
})()));

self.addEventListener('activate', e => e.waitUntil((async () => {
  for (const name of await caches.keys()) {
    if (name !== shell) await caches.delete(name);
  }
  await self.clients.claim();
})()));

self.addEventListener('fetch', e => {
  if (e.request.method !== 'GET') return;
  if (e.request.mode === 'navigate') e.respondWith(fetch(e.request).catch(() => caches.match(offline)));
  else if (/\.(css|svg)$/.test(new URL(e.request.url).pathname)) e.respondWith(fetch(e.request).catch(async error => (await caches.match(e.request)) ?? Promise.reject(error)));
});
