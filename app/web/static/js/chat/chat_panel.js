// The panel: opened by the loader on the business's page, it shows what was said, and hears what comes.
import { at, config, show, words } from "./chat_config.js";
import { onStored } from "./chat_storage.js";
import * as form from "./chat_form.js";
import * as page from "./host_page.js";
import * as thread from "./chat_thread.js";
import * as live from "./visitor_live.js";
import { call, forget, me, Refused, resume } from "./visitor_calls.js";

const STILL_HERE_MS = 30000;
let isOpen = false, told = { delivered: 0, read: 0 }, looking, askedAgain = false;

form.colours();
at("greeting").textContent = config.greeting;
form.stands({ hours: config.hours, reachable: false });
form.init(after, doing);

// One look at a time; what is asked for meanwhile is one more.
function look() {
  if (!me.token) return;
  if (looking) { askedAgain = true; return; }
  looking = fetched().finally(() => {
    looking = undefined;
    if (askedAgain) { askedAgain = false; look(); }
  });
}

async function fetched() {
  const token = me.token;
  try {
    const found = await call("GET", `/messages?after=${thread.cursor()}&lang=${config.language}`);
    if (token !== me.token) return;
    connected(true);
    thread.add(found.messages);
    // Perhaps by another tab, or before this page was loaded.
    told.read = Math.max(told.read, found.read_up_to);
    thread.typing(found.typing);
    thread.seen(found.seen_up_to);
    form.stands(found);
    at("end").hidden = thread.empty();
    live.set({ begun: !thread.empty() });
    receipts();
    form.retry();
  } catch (error) {
    if (error instanceof Refused) refused(error); else connected(false);
  }
}

function refused(error) {
  if (error.status !== 401) return;
  // Ended in another tab, or over: what is written next begins a new one.
  over();
}

function over() {
  forget();
  thread.clear();
  told = { delivered: 0, read: 0 };
  at("end").hidden = at("end-ask").hidden = true;
  live.set({ begun: false });
  show(at("notice"), words.ended);
  page.tell("unread", { count: 0 });
  form.stands({ hours: config.hours, reachable: false });
}

let lost = false;
function connected(is) {
  if (is === !lost) return;
  lost = !is;
  show(at("notice"), is ? "" : words.no_connection);
}

// What of theirs has come, and was seen; the button counts the rest.
function receipts() {
  const newest = thread.last("business"), seen = isOpen && !document.hidden;
  const now = { delivered: newest, read: seen ? newest : told.read };
  page.tell("unread", { count: seen ? 0 : thread.after(told.read) });
  if (now.delivered === told.delivered && now.read === told.read) return;
  told = now;
  tell(now);
}

const tell = (what, lasting) => {
  if (me.token) call("POST", "/presence", { body: what, lasting }).catch(() => {});
};
function doing(what) {
  tell({ doing: what, page_url: me.page.url, page_title: me.page.title });
}

// Something was sent, or could not be as the chat is over.
function after(error) {
  if (error) refused(error); else look();
  if (!me.kept) show(at("notice"), words.in_memory);
}

function opened() {
  isOpen = true;
  form.focus();
  thread.toEnd();
  live.set({ open: true });
  look();
  if (!thread.empty()) doing("looking");
}

function closed() {
  isOpen = false;
  live.set({ open: false });
  if (!thread.empty()) doing("gone");
}

page.on("hello", async ({ token, identity, page: there, open }) => {
  me.identity = identity || "";
  me.page = there || {};
  await resume(token).catch(signIn);
  form.ready();
  look();
  if (open || isOpen) opened();
});
page.on("open", opened);
page.on("closed", closed);
page.on("page", ({ page: there }) => { me.page = there; if (isOpen && !thread.empty()) doing("looking"); });
page.on("kept", ({ kept }) => { me.kept ||= kept; });
page.on("identify", async ({ identity }) => {
  me.identity = identity || "";
  thread.clear();
  await resume(null).catch(signIn);
  look();
});
page.on("reset", () => { me.identity = ""; over(); });

// The chat was begun or ended in another tab, of which nothing else tells us.
function elsewhere(token) {
  if (me.identity || token === me.token) return;
  me.token = token;
  if (token) look(); else over();
}

function signIn(error) {
  if (error instanceof Refused) show(at("notice"), words.errors[error.code] ?? "");
}

at("close").onclick = () => page.tell("close");
addEventListener("keydown", ({ key }) => { if (key === "Escape") page.tell("close"); });
at("end").onclick = () => { at("end-ask").hidden = false; at("end-no").focus(); };
at("end-no").onclick = () => { at("end-ask").hidden = true; at("end").focus(); };
at("end-yes").onclick = () => {
  // With the token as it is now; nothing is asked with it any more.
  call("POST", "/end", { lasting: true }).catch(() => {});
  over();
  form.focus();
};
onStored(elsewhere);
page.on("elsewhere", ({ token }) => elsewhere(token));
// Staff see that somebody is there as long as it is said.
setInterval(() => { if (isOpen && !document.hidden && !thread.empty() && !form.typing()) doing("looking"); }, STILL_HERE_MS);
document.addEventListener("visibilitychange", receipts);
addEventListener("pagehide", () => { if (isOpen && !thread.empty()) tell({ doing: "gone" }, true); });
live.watch(look);
page.ready();
