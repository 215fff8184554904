// The button on a business's own page, and the frame of the panel. What stands before it
// (app/web/chat/widget.py) gives it `kaivox`. Nothing is stored before somebody has written; styles
// go by the CSSOM, which a Content Security Policy lets through.
const script = document.currentScript, data = script.dataset, root = document.documentElement;
const base = new URL(".", script.src).href, { origin } = new URL(base), KEY = `kaivox-chat:${kaivox.slug}`;
const asked = [data.lang, root.lang, kaivox.language].map((each) => (each || "").slice(0, 2).toLowerCase());
const language = asked.find((each) => kaivox.words[each]) || "en", words = kaivox.words[language];
const phone = matchMedia("(max-width: 480px)"), view = window.visualViewport;
const PATIENCE_MS = 10000;
let frame, ready = false, shown = false, unread = 0, waiting, locked, page, identity = data.identity || "";

const CSS = `
:host { all: initial; }
button, .box, .trouble { position: fixed; z-index: 2147483000; ${kaivox.side}: var(--aside); }
button { bottom: var(--below); width: 60px; height: 60px; padding: 0; border: 0; border-radius: 50%; cursor: pointer;
  background: ${kaivox.colour}; color: ${kaivox.ink}; box-shadow: 0 2px 12px rgb(0 0 0 / .3); }
button:focus-visible { outline: 3px solid #fff; box-shadow: 0 0 0 6px #000; }
svg { width: 28px; height: 28px; fill: currentColor; vertical-align: middle; }
.count { position: absolute; top: -4px; right: -4px; min-width: 22px; box-sizing: border-box; padding: 0 6px;
  border-radius: 11px; background: #b42318; color: #fff; font: bold 13px/22px system-ui, sans-serif; }
.box { bottom: calc(var(--below) + 72px); width: 384px; max-width: calc(100vw - 32px);
  height: min(640px, calc(100vh - var(--below) - 96px)); overflow: hidden; border-radius: 14px; background: Canvas;
  box-shadow: 0 8px 40px rgb(0 0 0 / .3); visibility: hidden; }
.box.shown { visibility: visible; }
.box.whole { inset: auto; left: 0; width: 100vw; max-width: none; border-radius: 0; }
iframe { display: block; width: 100%; height: 100%; border: 0; color-scheme: light dark; }
.trouble { bottom: calc(var(--below) + 72px); max-width: 300px; padding: 16px; border-radius: 14px; background: #fff;
  color: #17212b; font: 16px/1.5 system-ui, sans-serif; box-shadow: 0 8px 40px rgb(0 0 0 / .3); }
.trouble a { display: block; margin-top: 8px; color: #0b5d57; font-weight: 600; }
[hidden] { display: none; }`;

const host = document.createElement("div"), inside = host.attachShadow({ mode: "open" });
const button = add("button", inside), count = add("span", button, "count"), box = add("div", inside, "box");
const trouble = add("div", inside, "trouble");

function add(name, parent, type = "") {
  const made = document.createElement(name);
  made.className = type;
  return parent.appendChild(made);
}

function dress() {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    inside.adoptedStyleSheets = [sheet];
  } catch {
    const style = add("style", inside);
    style.nonce = data.nonce || script.nonce || "";
    style.textContent = CSS;
  }
  host.style.setProperty("--below", `${parseInt(data.bottom, 10) || 20}px`);
  host.style.setProperty("--aside", `${parseInt(data.aside, 10) || 20}px`);
  const svg = button.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "svg"));
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.appendChild(document.createElementNS(svg.namespaceURI, "path"))
    .setAttribute("d", "M12 3C6.5 3 2 6.8 2 11.4c0 2.6 1.4 4.9 3.6 6.4L5 22l4.3-2.3c.9.2 1.8.3 2.7.3 5.5 0 10-3.8 10-8.6S17.5 3 12 3z");
  button.type = "button";
  button.onclick = () => (shown ? close() : open());
  button.onpointerenter = load;
  inside.addEventListener("keydown", ({ key }) => { if (key === "Escape" && shown) close(); });
  trouble.hidden = true;
  trouble.setAttribute("role", "alert");
  tell();
}

// What the button says of itself, in text and to who does not see it.
function tell() {
  const more = unread ? `, ${words.unread.replace("{count}", unread)}` : "";
  button.setAttribute("aria-expanded", shown);
  button.setAttribute("aria-label", (shown ? words.close : words.open) + more);
  button.hidden = shown && phone.matches && trouble.hidden;
  count.hidden = !unread || shown;
  count.textContent = unread > 9 ? "9+" : unread;
}

// The page's own storage, where it has one: a browser may keep the frame's from it.
function kept(token) {
  try {
    if (token === undefined) return localStorage.getItem(KEY);
    if (token) localStorage.setItem(KEY, token); else localStorage.removeItem(KEY);
    return true;
  } catch {
    return token === undefined ? null : false;
  }
}

const here = () => ({ url: location.origin + location.pathname, title: document.title });
const say = (what, more) => frame?.contentWindow?.postMessage({ kaivox: what, ...more }, origin);

function load() {
  if (frame) return;
  frame = document.createElement("iframe");
  frame.title = words.frame.replace("{business}", kaivox.business);
  frame.src = `${base}panel?lang=${language}`;
  box.append(frame);
  // Sites that load no new page when one goes on.
  setInterval(() => { if (page !== location.href) say("page", { page: here() }); page = location.href; }, 3000);
}

function open() {
  load();
  shown = true;
  if (ready) say("open"); else waiting ??= setTimeout(fail, PATIENCE_MS);
  fit();
  if (trouble.hidden) frame.focus();
}

function close() {
  shown = false;
  trouble.hidden = true;
  say("closed");
  fit();
  button.focus();
}

// The panel does not come: something keeps it away, or there is no connection.
function fail() {
  waiting = undefined;
  if (ready || !shown) return;
  trouble.replaceChildren(words.trouble);
  for (const [to, text] of [[kaivox.email && `mailto:${kaivox.email}`, words.email], [kaivox.phone && `tel:${kaivox.phone}`, words.call]]) {
    if (to) Object.assign(add("a", trouble), { href: to, textContent: text });
  }
  trouble.hidden = false;
  // Another click tries it anew.
  frame.remove();
  frame = undefined;
  fit();
}

// On a telephone the panel is all there is, as high as the keyboard leaves it.
function fit() {
  const whole = shown && trouble.hidden && phone.matches;
  box.className = `box${shown && trouble.hidden ? " shown" : ""}${whole ? " whole" : ""}`;
  box.style.top = whole ? `${view ? view.offsetTop : 0}px` : "";
  box.style.height = whole ? `${view ? view.height : innerHeight}px` : "";
  lock(whole);
  tell();
}

function lock(whole) {
  if (whole === Boolean(locked)) return;
  const { style } = document.body;
  if (whole) {
    locked = { y: scrollY, position: style.position, top: style.top, width: style.width };
    Object.assign(style, { position: "fixed", top: `-${scrollY}px`, width: "100%" });
  } else {
    const { y, ...before } = locked;
    locked = undefined;
    Object.assign(style, before);
    scrollTo(0, y);
  }
}

addEventListener("message", ({ data: told, origin: from, source }) => {
  if (!frame || source !== frame.contentWindow || from !== origin) return;
  if (told.kaivox === "ready") {
    ready = true;
    clearTimeout(waiting);
    say("hello", { token: kept(), identity, page: here(), open: shown });
  }
  if (told.kaivox === "token") say("kept", { kept: kept(told.token) });
  if (told.kaivox === "unread") { unread = told.count; tell(); }
  if (told.kaivox === "close") close();
  if (told.kaivox === "refused") console.warn(`KaiVox chat: ${told.why}`);
});
// Another page of the site, in another tab, has begun the chat or ended it.
addEventListener("storage", ({ key, newValue }) => { if (key === KEY) say("elsewhere", { token: newValue }); });
view?.addEventListener("resize", fit);
view?.addEventListener("scroll", fit);
phone.addEventListener("change", fit);

function begin() {
  document.body.append(host);
  // Who has written before may have an answer.
  if (kept()) (window.requestIdleCallback || setTimeout)(load);
}

// For the page's own scripts: who is signed in there (a JWT), and that they have signed out.
window.KaiVoxChat ??= {
  open,
  close,
  identify(token) { identity = token; say("identify", { identity }); },
  reset() { identity = ""; kept(null); unread = 0; say("reset"); tell(); },
};
dress();
if (document.body) begin(); else addEventListener("DOMContentLoaded", begin);
