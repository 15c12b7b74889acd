// Keeps the pledge forms and what they look like, so that a phone without a net can still fill one
// in. It sends nothing: the page's outbox does (outbox.js), and says what is not sent yet.
const KEPT = "byakassan-forms-1";
const FILES = [/* FILES */];
const isForm = (url) => /^\/projects\/[^/]+\/pledge\/(in-kind\/)?$/.test(url.pathname);

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && isForm(url)) {
    // The net first: what is open, and how much is left, is the server's to say.
    event.respondWith(
      fetch(event.request)
        .then((answer) => {
          if (answer.ok) { const copy = answer.clone(); caches.open(KEPT).then((cache) => cache.put(event.request, copy)); }
          return answer;
        })
        .catch(() => caches.match(event.request).then((kept) => kept || caches.match(event.request, { ignoreSearch: true })).then((kept) => kept || Response.error())),
    );
  } else if (FILES.includes(url.pathname)) {
    event.respondWith(caches.match(event.request).then((kept) => kept || fetch(event.request)));
  }
});
