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

// In the inbox, where what is half written is kept; no other page is taken from under a half-filled form.
const isInbox = (page) => /^\/messages(\/\d+)?\/?$/.test(new URL(page.url).pathname);

async function open(path) {
  const pages = await self.clients.matchAll({ type: "window" });
  const there = pages.find((page) => new URL(page.url).pathname === path);
  if (there) return there.focus();
  const inbox = pages.find(isInbox);
  if (!inbox) return self.clients.openWindow(path);
  await inbox.focus();
  return inbox.navigate(path);
}
