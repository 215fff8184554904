// The messages, as text that nobody's script is in. What is new is read out; what was there is not.
import { at, config, fill, words } from "./chat_config.js";

const log = at("log"), scroller = at("scroll"), news = at("news");
const LINK = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/g;
const time = new Intl.DateTimeFormat(config.language, { hour: "numeric", minute: "2-digit" });
const day = new Intl.DateTimeFormat(config.language, { weekday: "short", day: "numeric", month: "short" });
// By the id of their message; and those that are on their way, by their client_token.
const shown = new Map(), pending = new Map();

export const last = (from) => Math.max(0, ...[...shown].filter(([, each]) => !from || each.from === from).map(([id]) => id));
// The cursor lies back a little: what staff write may come with a smaller id than what we have.
const LATE_MS = 120000;
export const cursor = () => Math.max(0, ...[...shown].filter(([, each]) => each.since < Date.now() - LATE_MS).map(([id]) => id));
// How many of theirs came after that one.
export const after = (id) => [...shown].filter(([other, each]) => other > id && each.from === "business").length;
export const empty = () => !shown.size && !pending.size;

export function clear() {
  log.replaceChildren();
  shown.clear();
  pending.clear();
}

// What the server told; how many were new.
export function add(messages) {
  const fresh = messages.filter(({ id }) => !shown.has(id));
  const stays = atEnd();
  for (const message of fresh) {
    const mine = message.from === "visitor" && ownPending(message);
    const element = mine ? mine.element : made(message);
    if (mine) settle(mine.token, message);
    else place(element, message.id);
    shown.set(message.id, { element, from: message.from, since: Date.now() });
  }
  if (fresh.length) scroll(stays, fresh.some(({ from }) => from === "business"));
  log.setAttribute("aria-live", "polite");
  return fresh;
}

const ownPending = ({ body, files }) => [...pending.values()].find((each) => each.body === body && each.files === files.length);

function place(element, id) {
  const after = [...shown].filter(([other]) => other > id).map(([, each]) => each.element);
  const waits = [...pending.values()].map((each) => each.element);
  const next = [...after, ...waits].sort((a, b) => (a.compareDocumentPosition(b) & 4 ? -1 : 1))[0];
  log.insertBefore(element, next ?? null);
}

// One that is on its way; its state stands below it.
export function begin(token, body, files) {
  const message = { from: "visitor", body, files, at: new Date().toISOString() };
  const element = made(message);
  pending.set(token, { token, element, body, files: files.length });
  log.append(element);
  state(token, words.sending);
  scroll(true);
}

// With again it has failed, and is tried anew by that.
export function state(token, text, again) {
  const one = pending.get(token);
  if (!one) return;
  const line = one.element.querySelector(".state");
  line.textContent = text;
  one.element.classList.toggle("failed", Boolean(again));
  if (again) line.append(" ", button(words.retry, again));
}

export const waits = (token) => pending.has(token);

// It has arrived; what the server tells of it later is the same.
export function settle(token, { id, at: when }) {
  const one = pending.get(token);
  if (!one) return;
  pending.delete(token);
  one.element.classList.remove("failed");
  one.element.querySelector(".state").textContent = "";
  one.element.querySelector("time").dateTime = when;
  if (shown.has(id) && shown.get(id).element !== one.element) one.element.remove();
  else shown.set(id, { element: one.element, from: "visitor", since: Date.now() });
}

// Below the last of theirs: that it is there, or was read.
export function seen(upTo) {
  for (const line of log.querySelectorAll(".state.told")) line.textContent = "";
  const mine = last("visitor");
  const line = mine && shown.get(mine).element.querySelector(".state");
  if (!line || line.childElementCount) return;
  line.className = "state told";
  line.textContent = mine <= upTo ? words.seen : words.sent;
}

function made({ from, author, body, at: when, files }) {
  const element = part("div", `msg ${from === "visitor" ? "mine" : "theirs"}`);
  const head = element.appendChild(part("p", "meta"));
  head.append(part("span", "", from === "visitor" ? words.you : author || config.business), " ", stamp(when));
  if (body) linked(element.appendChild(part("p", "body")), body);
  for (const file of files) element.append(attached(file));
  element.append(part("p", "state"));
  return element;
}

function part(name, type, text = "") {
  const element = document.createElement(name);
  element.className = type;
  element.textContent = text;
  return element;
}

function stamp(when) {
  const moment = new Date(when), old = moment.toDateString() !== new Date().toDateString();
  const element = part("time", "", (old ? `${day.format(moment)}, ` : "") + time.format(moment));
  element.dateTime = when;
  return element;
}

function linked(element, text) {
  let done = 0;
  for (const { 0: url, index } of text.matchAll(LINK)) {
    element.append(text.slice(done, index), link(url, url));
    done = index + url.length;
  }
  element.append(text.slice(done));
}

function link(url, text) {
  const element = part("a", "", text);
  Object.assign(element, { href: url, target: "_blank", rel: "noopener noreferrer nofollow" });
  return element;
}

function attached({ name, picture, url }) {
  if (!url) return part("p", "file", name);
  const element = link(url, picture ? "" : name);
  element.className = "file";
  if (picture) element.append(Object.assign(part("img", ""), { src: url, alt: name, loading: "lazy" }));
  return element;
}

export function button(text, press) {
  const element = part("button", "again", text);
  element.type = "button";
  element.onclick = press;
  return element;
}

const atEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80;

function scroll(down, theirs = false) {
  if (down) scroller.scrollTop = scroller.scrollHeight;
  news.hidden = down || !theirs;
}

export const toEnd = () => scroll(true);
news.onclick = toEnd;
scroller.onscroll = () => { if (atEnd()) news.hidden = true; };

export const typing = (is) => {
  at("typing").hidden = !is;
  at("typing").textContent = is ? fill(words.typing, { business: config.business }) : "";
};
