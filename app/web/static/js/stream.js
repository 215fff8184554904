// The event stream of the server, or, where it cannot be had, a look every few seconds.
const POLL_MS = 8000;
let poll;

export function listen(look) {
  const stream = new EventSource("/live");
  stream.onmessage = (event) => { clearInterval(poll); poll = undefined; look(event.data); };
  stream.onerror = () => {
    poll ??= setInterval(() => look("*"), POLL_MS);
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, POLL_MS, look);
  };
}

// The part as the server has it now; it is left alone where nothing changed.
export async function refetch(part) {
  const answer = await fetch(part.dataset.live, { headers: { Accept: "text/html" } });
  if (answer.redirected || answer.status === 401) { location.reload(); return false; }
  if (!answer.ok) return false;
  const html = await answer.text();
  if (html === part.lastHtml) return false;
  part.lastHtml = html;
  part.innerHTML = html;
  return true;
}
