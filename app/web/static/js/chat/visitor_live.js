// Looks again whenever something has changed: told by the event stream, or every few seconds where no
// stream holds; and after sleep, another tab or a lost network, since a stream may be dead by then.
import { call, me } from "./visitor_calls.js";

// The server says every 15 seconds that it is still there.
const SILENT_MS = 40000, POLL_MS = 4000, CLOSED_POLL_MS = 30000;
let look, is = { open: false, begun: false }, stream, silence, retry, tries = 0, turn = 0, timer;

export function watch(looks) {
  look = looks;
  for (const event of ["online", "focus", "pageshow"]) addEventListener(event, again);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) again(); });
  addEventListener("pagehide", close);
  tick();
}

// Whether the panel is open, and whether there is a conversation that could change.
export function set(now) {
  const was = is;
  is = { ...is, ...now };
  if (is.open && is.begun) { if (!stream) open(); } else close();
  if (is.open && !was.open) again();
}

function again() {
  tries = 0;
  look();
  if (is.open && is.begun && (!stream || stream.readyState === EventSource.CLOSED)) open();
}

async function open() {
  close();
  const mine = turn;
  const told = await call("GET", "/ticket").catch(() => null);
  if (mine !== turn) return;
  if (!told) { later(); return; }
  stream = new EventSource(told.url);
  const spoke = () => { clearTimeout(silence); silence = setTimeout(later, SILENT_MS); };
  spoke();
  stream.onopen = () => { tries = 0; spoke(); };
  stream.onmessage = () => { stream.told = true; spoke(); look(); };
  stream.addEventListener("beat", spoke);
  // It hears nothing itself.
  stream.addEventListener("deaf", () => { stream.told = false; spoke(); });
  stream.onerror = () => { if (mine === turn) later(); };
}

// Its ticket is over, or there is none.
function later() {
  close();
  tries += 1;
  retry = setTimeout(() => { if (is.open && is.begun) open(); }, Math.min(30000, 1000 * 2 ** tries) * (0.5 + Math.random() / 2));
}

function close() {
  turn += 1;
  clearTimeout(silence);
  clearTimeout(retry);
  stream?.close();
  stream = undefined;
}

function tick() {
  clearTimeout(timer);
  const every = is.open ? POLL_MS : CLOSED_POLL_MS;
  timer = setTimeout(() => {
    if (me.token && !document.hidden && !(is.open && stream?.told)) look();
    tick();
  }, every);
}
