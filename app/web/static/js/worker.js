// The service worker: shows that a customer wrote while no page of KaiVox is looked at. What is pushed
// names a customer by id alone; their name is asked for here, as whoever is signed in.
const UNKNOWN = { title: "KaiVox", body: "New message", path: "/messages" };

self.addEventListener("push", (event) => {
  event.waitUntil(show(Number(event.data?.json().customer)));
});

async function show(customer) {
  const path = `/messages/${customer}`;
  const pages = await self.clients.matchAll({ type: "window" });
  // They have it before their eyes.
  if (pages.some((page) => page.focused && new URL(page.url).pathname === path)) return;
  const { title, body, path: leads } = await notice(customer);
  await self.registration.showNotification(title, { body, tag: leads, renotify: true, icon: "/static/icon-192.png", data: leads });
}

async function notice(customer) {
  try {
    const answer = await fetch(`/settings/alerts/notice/${customer}`, { headers: { Accept: "application/json" } });
    return answer.ok && !answer.redirected ? await answer.json() : UNKNOWN;
  } catch { return UNKNOWN; }
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data));
});

async function open(path) {
  const [page] = await self.clients.matchAll({ type: "window" });
  if (!page) return self.clients.openWindow(path);
  await page.focus();
  return page.navigate(path);
}
