// A customer wrote: a sound and a notification, for whoever wants them (their page Alerts). Of all tabs
// of a browser one sounds; where the browser has a push subscription, its service worker notifies.
import { possible, subscription } from "./push.js";
import { ask } from "../live/scope.js";

const { sound, notify } = document.querySelector("meta[name=alerts]")?.dataset ?? {};
// Of a storm one is heard.
const QUIET_MS = 3000;

const looksAt = (customer) => document.hasFocus() && document.getElementById("thread")?.dataset.customer === customer;
const alone = (act) => (navigator.locks ? navigator.locks.request("alert", act) : act());

// customer: empty where the page is not told whose it is; then the newest is asked for.
export async function arrived(customer) {
  if (!sound && !notify) return;
  await alone(async () => {
    if (Math.abs(Date.now() - Number(localStorage.getItem("alerted"))) < QUIET_MS) return;
    localStorage.setItem("alerted", Date.now());
    if (looksAt(customer)) return;
    const answer = await ask(`/settings/alerts/notice/${customer || "newest"}`, { headers: { Accept: "application/json" } });
    const told = answer.ok ? await answer.json() : {};
    if (!told.for_me) return;
    if (sound) chime();
    if (notify && !document.hasFocus()) await show(told);
  });
}

// Two notes, made here; a browser in which nobody has clicked yet stays silent.
function chime() {
  const audio = new AudioContext();
  [[660, 0], [880, 0.12]].forEach(([pitch, after]) => {
    const [tone, loudness, at] = [audio.createOscillator(), audio.createGain(), audio.currentTime + after];
    tone.frequency.value = pitch;
    loudness.gain.setValueAtTime(0.15, at);
    loudness.gain.exponentialRampToValueAtTime(0.001, at + 0.35);
    tone.connect(loudness).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.4);
  });
  setTimeout(() => audio.close(), 1000);
}

async function show({ title, body, path }) {
  if (!possible || Notification.permission !== "granted" || await subscription()) return;
  const worker = await navigator.serviceWorker.ready;
  await worker.showNotification(title, { body, tag: path, data: path });
}
