// Where an open thread begins, and what stands before its first line: earlier pages are put above
// as they come into sight, and nothing that is being read moves.
import "../live.js";
import { ask } from "../../live/scope.js";
import { leaveEnd } from "./stick.js";

const thread = document.getElementById("thread");
const older = document.getElementById("older");
const said = document.getElementById("said");
// As soon as the first line is so near.
const NEAR = "600px 0px 0px 0px";

// At what nobody has read; else live.js has gone to the end.
function begin() {
  const fresh = document.getElementById("new");
  if (fresh) {
    leaveEnd();
    thread.scrollTop += fresh.getBoundingClientRect().top - thread.getBoundingClientRect().top - 48;
  }
  if (location.hash || document.querySelector("dialog[open]")) return;
  const desktop = matchMedia("(pointer: fine) and (min-width: 768px)").matches;
  const place = desktop ? document.getElementById("body") : document.getElementById("who");
  place?.focus({ preventScroll: true });
}

const link = () => thread.querySelector("[data-older]");

let busy = false;
async function loadOlder() {
  const earlier = link();
  if (busy || !earlier) return;
  busy = true;
  try { await putAbove(earlier); } catch { /* It stays a link; the next scroll tries again. */ }
  busy = false;
  watch();
}

async function putAbove(earlier) {
  const answer = await ask(earlier.dataset.older, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected || !earlier.isConnected) return;
  const page = document.createElement("div");
  page.className = "lines page";
  page.innerHTML = await answer.text();
  anchor(earlier.dataset.first);
  const height = thread.scrollHeight, top = thread.scrollTop;
  earlier.closest(".more").remove();
  older.prepend(page);
  joinDays(page, page.nextElementSibling ?? said);
  thread.scrollTop = top + thread.scrollHeight - height;
  // Its height is known by then: what is out of sight is drawn no more, and keeps its place.
  requestAnimationFrame(() => requestAnimationFrame(() => page.classList.add("page-settled")));
}

// What is fetched anew from now on begins where the earlier pages end.
function anchor(first) {
  if (older.children.length) return;
  const live = new URL(said.dataset.live, location);
  if (!live.searchParams.has("before")) live.searchParams.set("since", first);
  said.dataset.live = `${live.pathname}${live.search}`;
}

// A day that goes on below is told once.
function joinDays(page, below) {
  const last = [...page.querySelectorAll(".day")].at(-1);
  const next = below.querySelector(".day");
  if (last && next && last.textContent === next.textContent) next.hidden = true;
}

let watcher;
function watch() {
  watcher?.disconnect();
  const earlier = link();
  if (!earlier) return;
  watcher = new IntersectionObserver(([seen]) => { if (seen.isIntersecting) loadOlder(); }, { root: thread, rootMargin: NEAR });
  watcher.observe(earlier);
}

// After each look: where more came than is fetched at once, what stands above ends too early.
function looked() {
  const first = said.querySelector("[data-first]")?.dataset.first;
  const from = new URL(said.dataset.live, location).searchParams.get("since");
  if (older.children.length && first !== from) older.replaceChildren();
  joinDays(older, said);
  watch();
}

if (thread) {
  begin();
  thread.addEventListener("click", (event) => {
    // What is quoted and on the page is not loaded for.
    const quoted = document.getElementById(event.target.closest?.("[data-goes]")?.dataset.goes);
    if (quoted) { event.preventDefault(); leaveEnd(); quoted.scrollIntoView({ block: "center" }); return; }
    if (!event.target.closest?.("[data-older]")) return;
    event.preventDefault();
    loadOlder();
  });
  said.addEventListener("change", (event) => { if (event.target === said) looked(); });
  // Not before somebody scrolls: a short page would load all there is.
  thread.addEventListener("scroll", watch, { once: true, passive: true });
}
