// The event stream of the server, or, where it cannot be had, a look every few seconds.
import { asked } from "./asked.js";
import { ask, hasLeft, left, named } from "./scope.js";

const POLL_MS = 8000;
let poll;

export function listen(look) {
  if (hasLeft()) return;
  const stream = new EventSource(named("/live"));
  left.then(() => { stream.close(); clearInterval(poll); });
  stream.onmessage = (event) => { clearInterval(poll); poll = undefined; heard(event.data, look); };
  stream.onerror = () => {
    poll ??= setInterval(() => look("*"), POLL_MS);
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, POLL_MS, look);
  };
}

const ASKED = "look-";

function heard(changed, look) {
  if (changed.startsWith(ASKED)) asked(changed.slice(ASKED.length));
  else look(changed);
}

// The part as the server has it now; it is left alone where nothing changed, or where somebody has
// begun to move something in it while the answer was on its way.
export async function refetch(part, held = () => false) {
  const answer = await ask(part.dataset.live, { headers: { Accept: "text/html" } });
  if (answer.redirected || answer.status === 401) { location.reload(); return false; }
  if (!answer.ok) return false;
  const html = await answer.text();
  if (html === part.lastHtml || held()) return false;
  part.lastHtml = html;
  part.innerHTML = html;
  return true;
}
