// Keeps the list and the open thread as they are on the server. The stream only says that
// something changed; where it cannot be had, the page looks by itself every few seconds.
import { guarded } from "../live/guard.js";
import { morph, parsed } from "../live/morph.js";
import { fetched, refetch } from "../live/refetch.js";
import { onReturn } from "../live/returns.js";
import { ask } from "../live/scope.js";
import { show } from "./lists/steady_list.js";
import { stick, stickAgain } from "./thread/stick.js";
import { listen } from "../live/stream.js";

const talks = document.getElementById("talks");
const thread = document.getElementById("thread");
// The lines in it that are fetched again; earlier ones stand above them (thread.js).
const said = document.getElementById("said");
const channels = document.getElementById("channels");
const life = document.getElementById("life");

// What somebody is choosing from is left alone; once it is closed, the part is looked at again.
let passedOver = false;
const choosing = () => document.querySelector("[data-live] details.menu[open]");
function held(part) {
  const open = part.contains(choosing());
  passedOver ||= open;
  return open;
}

// One that cannot be fetched keeps no other from it: the next look will tell.
const lookAt = (part, shown) => fetchPart(part, shown).catch(() => {});

async function fetchPart(part, shown = (html) => guarded(part, () => morph(part, parsed(html)))) {
  const changed = part && await refetch(part, () => held(part), shown);
  // What hangs on the chosen channel listens for this.
  if (changed) part.dispatchEvent(new Event("change"));
}

talks.addEventListener("shown", () => {
  const open = talks.querySelector(`.talk[data-customer="${talks.dataset.selected}"]`);
  open?.setAttribute("aria-current", "true");
});

// A message that went a step further, and nothing else.
async function lookAtMessage(id) {
  const line = document.getElementById(`message-${id}`);
  const html = line && await fetched(`/messages/${thread.dataset.customer}?part=message&message=${id}`);
  if (html && line.isConnected) guarded(thread, () => morph(line, parsed(html.trim()), "outerHTML"));
}

addEventListener("present", () => { if (channels?.querySelector("[data-chat]")) lookAt(channels); });

async function lookAtCustomer() {
  await lookAt(said);
  await markRead();
  await lookAt(channels);
  await lookAt(life);
}

// What is to be looked at: "*", customers' ids, and messages as "message-<customer>-<id>".
const wanted = new Set();
let looking = null;

// One look at a time; what happens meanwhile asks for one more.
export function look(what = "*") {
  wanted.add(String(what));
  dispatchEvent(new CustomEvent("told", { detail: String(what) }));
  looking ??= lookWhile().finally(() => { looking = null; });
  return looking;
}

async function lookWhile() {
  while (wanted.size) {
    const now = [...wanted];
    wanted.clear();
    try { await lookAtAll(now); } catch { /* The next look will tell. */ }
  }
}

const STEP = /^message-(\d+)-(\d+)$/;
const isOpen = (customer) => customer === thread?.dataset.customer;
// That something failed stands beside the message, and in the list; perhaps it has not, after all.
const failed = (customer, id) => document.querySelector(`#conversation-${customer} [data-failed], #message-${id} .msg-error`);

async function lookAtAll(now) {
  const steps = now.map((what) => STEP.exec(what)).filter(Boolean);
  const whole = new Set(now.filter((what) => what === "*" || /^\d+$/.test(what)));
  for (const [, customer, id] of steps) if (failed(customer, id)) whole.add(customer);
  if ([...whole].some((what) => what === "*" || isOpen(what))) await lookAtCustomer();
  else for (const [, customer, id] of steps) if (isOpen(customer)) await lookAtMessage(id);
  if (whole.size) await lookAt(talks, show);
}

// Up to which message and which call the page shows.
let readUpTo = "";
async function markRead() {
  // A page of older messages shows nothing that is new.
  const last = thread?.querySelector(".seen");
  if (!last || document.hidden) return;
  const { message, call, note } = last.dataset;
  const seen = new URLSearchParams({ up_to: message, call, note });
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

// What is sent stands at the end: a page of older messages becomes the newest one.
export function toNewest() {
  const newest = new URL(location);
  newest.searchParams.delete("before");
  said.dataset.live = `/messages/${thread.dataset.customer}?part=thread`;
  history.replaceState(null, "", newest);
  stickAgain();
  return look();
}

if (thread) stick(thread);
document.addEventListener("toggle", () => {
  if (!passedOver || choosing()) return;
  passedOver = false;
  look();
}, true);
markRead();
listen(look);
onReturn(look);
