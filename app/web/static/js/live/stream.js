// The event stream of the server, or, where it cannot be had or hears nothing itself, a look every
// few seconds.
import { arrived } from "../alerts/alert.js";
import { asked } from "../automation/asked.js";
import { ask, hasLeft, left, named } from "./scope.js";

const POLL_MS = 8000;
// For the door to open; then the stream is tried through the web, and the door again, in turn.
const PATIENCE_MS = 4000;
// The server says every 15 seconds that it is still there. A process that hangs, or a line that is
// gone without a word, leaves the stream open.
const SILENT_MS = 35000;
let stream, poll, retry, silence, throughWeb = false;
// One stream at a time: whoever finds another turn than their own is of the one before.
let turn = 0;

export function listen(look) {
  open(look);
  // A page in the back-forward cache hears nothing; it listens anew when somebody comes back to it.
  addEventListener("pagehide", stop);
  addEventListener("pageshow", (event) => { if (event.persisted) open(look); });
}

async function open(look) {
  const mine = turn += 1;
  const url = await door().catch(() => null);
  if (hasLeft() || mine !== turn) return;
  if (!url) { again(look); return; }
  let opened = false;
  const failed = () => {
    if (mine !== turn) return;
    clearTimeout(opening);
    clearTimeout(silence);
    // By itself it would come again with the same ticket.
    stream.close();
    if (!opened) throughWeb = !throughWeb;
    again(look);
  };
  const opening = setTimeout(failed, PATIENCE_MS);
  const spoke = () => { clearTimeout(silence); silence = setTimeout(failed, SILENT_MS); };
  stream = new EventSource(url);
  stream.onopen = () => { opened = true; clearTimeout(opening); spoke(); };
  stream.onmessage = (event) => { spoke(); stopPolling(); heard(event.data, look); };
  stream.addEventListener("beat", spoke);
  stream.addEventListener("deaf", () => { spoke(); startPolling(look); setTimeout(look, soon(), "*"); });
  stream.onerror = failed;
}

// The address that a new ticket opens, within half a minute.
async function door() {
  if (throughWeb) return named("/live");
  const answer = await ask("/live/ticket", { headers: { Accept: "application/json" } });
  return answer.ok ? (await answer.json()).url : null;
}

function again(look) {
  startPolling(look);
  retry = setTimeout(open, soon(), look);
}

function stop() {
  turn += 1;
  clearTimeout(retry);
  clearTimeout(silence);
  stream?.close();
  stopPolling();
}

// Not all pages at the same moment.
const soon = () => 1000 + Math.random() * 3000;
const startPolling = (look) => { poll ??= setInterval(() => look("*"), POLL_MS); };
const stopPolling = () => { clearInterval(poll); poll = undefined; };
left.then(stop);

const ASKED = "look-", ARRIVED = "came-";

function heard(changed, look) {
  document.dispatchEvent(new CustomEvent("heard", { detail: changed }));
  if (changed === "notices") return;
  if (changed.startsWith(ASKED)) asked(changed.slice(ASKED.length));
  else if (changed.startsWith(ARRIVED)) arrived(changed.slice(ARRIVED.length)).catch(() => {});
  else look(changed);
}
