// A part of the page, fetched again from where it names (data-live).
import { morph, parsed } from "./morph.js";
import { ask } from "./scope.js";

const last = new WeakMap();

// The page's own answer to a fetch; null where there is none. Whoever is signed out is led to the door,
// and whoever may see the page no more is told so, and sees nothing of it.
export async function fetched(path) {
  const answer = await ask(path, { headers: { Accept: "text/html" } });
  if (answer.redirected || [401, 403].includes(answer.status)) { location.reload(); return null; }
  return answer.ok ? answer.text() : null;
}

// The part as the server has it now; it is left alone where nothing changed, or (held) where somebody
// has begun to move or choose something in it while the answer was on its way.
export async function refetch(part, held = () => false, show = (html) => morph(part, parsed(html))) {
  const html = await fetched(part.dataset.live);
  if (html === null || html === last.get(part) || held()) return false;
  last.set(part, html);
  show(html);
  return true;
}
