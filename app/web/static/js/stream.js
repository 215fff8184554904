// The event stream of the server, or, where it cannot be had, a look every few seconds.
import { arrived } from "./alert.js";
import { asked } from "./asked.js";
import { hasLeft, left, named } from "./scope.js";

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

const ASKED = "look-", ARRIVED = "came-";

function heard(changed, look) {
  if (changed.startsWith(ASKED)) asked(changed.slice(ASKED.length));
  else if (changed.startsWith(ARRIVED)) arrived(changed.slice(ARRIVED.length)).catch(() => {});
  else look(changed);
}
