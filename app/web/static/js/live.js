// Keeps the list and the open thread as they are on the server. The stream only says that
// something changed; where it cannot be had, the page looks by itself every few seconds.
import { ask } from "./scope.js";
import { listen } from "./stream.js";

const talks = document.getElementById("talks");
const thread = document.getElementById("thread");
const channels = document.getElementById("channels");
const life = document.getElementById("life");

const atEnd = () => thread.scrollHeight - thread.scrollTop - thread.clientHeight < 80;
const toEnd = () => { thread.scrollTop = thread.scrollHeight; };
// Whoever looks at the end goes on seeing it, when pictures load and the composer grows.
let stuck = true;
function stickToEnd() {
  const follow = () => { if (stuck) toEnd(); };
  // Only somebody who scrolls up leaves the end; a picture that makes the thread longer does not.
  let top = 0;
  thread.addEventListener("scroll", () => {
    stuck = atEnd() || (stuck && thread.scrollTop >= top);
    top = thread.scrollTop;
  });
  thread.addEventListener("load", follow, true);
  new ResizeObserver(follow).observe(thread);
  toEnd();
}

// What somebody is choosing from is left alone; once it is closed, the part is looked at again.
const HELD = "summary, :scope > .life-deeds > button";
const choosing = (part) => part.querySelector("details.menu[open]");

async function refresh(part) {
  if (choosing(part)) return;
  const answer = await ask(part.dataset.live, { headers: { Accept: "text/html" } });
  if (answer.redirected || answer.status === 401) { location.reload(); return; }
  if (!answer.ok) return;
  const html = await answer.text();
  if (html === part.lastHtml || choosing(part)) return;
  const stay = part === thread && !stuck;
  const top = part.scrollTop;
  const open = [...part.querySelectorAll("details[open][id]")].map((each) => each.id);
  const picked = part.querySelector("input:checked")?.value;
  const held = part === life ? [...part.querySelectorAll(HELD)].indexOf(document.activeElement) : -1;
  part.innerHTML = html;
  part.lastHtml = html;
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  part.scrollTop = top;
  if (part === thread && !stay) toEnd();
  if (part === talks) markSelected();
  if (picked) pickAgain(part, picked);
  // Whoever goes by keyboard stays where they are.
  if (held >= 0) part.querySelectorAll(HELD)[held]?.focus();
  // What hangs on the chosen channel listens for this.
  part.dispatchEvent(new Event("change"));
}

// One look at a time for each part; what happens meanwhile asks for one more.
function looker(part) {
  let busy = false, again = false;
  return async function look() {
    if (!part) return;
    if (busy) { again = true; return; }
    busy = true;
    try { await refresh(part); } catch { /* The next look will tell. */ }
    if (part === thread) await markRead();
    busy = false;
    if (again) { again = false; look(); }
  };
}

// What the person had chosen stays chosen, as long as it can be.
function pickAgain(part, value) {
  const choice = part.querySelector(`input[value="${CSS.escape(value)}"]:not(:disabled)`);
  if (choice) choice.checked = true;
}

const lookAtChannels = looker(channels);
const lookAtLife = looker(life);
const lookAtTalks = looker(talks);
const lookAtThread = looker(thread);

function markSelected() {
  talks.querySelectorAll(".talk").forEach((talk) => {
    if (talk.dataset.customer === talks.dataset.selected) talk.setAttribute("aria-current", "true");
  });
}

// Up to which message and which call the page shows.
let readUpTo = "";
async function markRead() {
  if (!thread || document.hidden) return;
  const { message, call } = thread.querySelector(".seen").dataset;
  const seen = new URLSearchParams({ up_to: message, call });
  if (`${seen}` === readUpTo) return;
  readUpTo = `${seen}`;
  try {
    await ask(thread.dataset.read, {
      method: "POST",
      headers: { "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content },
      body: seen,
    });
  } catch { readUpTo = ""; /* Offline: the next look says it again. */ }
}

export async function look(customer = "*") {
  if (customer === "*" || customer === thread?.dataset.customer) {
    await lookAtThread();
    await lookAtChannels();
    await lookAtLife();
  }
  await lookAtTalks();
}

// What is sent stands at the end: a page of older messages becomes the newest one.
export function toNewest() {
  const newest = new URL(location);
  newest.searchParams.delete("before");
  thread.dataset.live = `/messages/${thread.dataset.customer}?part=thread`;
  history.replaceState(null, "", newest);
  stuck = true;
  return look();
}

if (thread) stickToEnd();
life?.addEventListener("toggle", () => { if (!choosing(life)) lookAtLife(); }, true);
markRead();
// The calendar is no part of this page.
listen((changed) => { if (changed !== "appointments") look(changed); });
document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
