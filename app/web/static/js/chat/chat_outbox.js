// What was written goes out in that order, one at a time: what has no connection waits, and what was
// written later waits behind it.
const FIRST_MS = 2000, LAST_MS = 30000;
const waiting = [];
let busy = false, pause = FIRST_MS, timer;

// One message: attempt() says whether it is done with (sent, or refused for good); stalled() that it waits.
export function queue(one) {
  waiting.push(one);
  drain();
}

// Tries what waits, from the oldest on; and by itself again after a while.
export function drain() {
  pause = FIRST_MS;
  send();
}

async function send() {
  if (busy) return;
  busy = true;
  clearTimeout(timer);
  while (waiting.length && await waiting[0].attempt()) waiting.shift();
  busy = false;
  if (waiting.length) stall();
}

function stall() {
  for (const one of waiting) one.stalled();
  timer = setTimeout(send, pause);
  pause = Math.min(LAST_MS, 2 * pause);
}
