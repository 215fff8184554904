// What is typed into the box of the search is looked for at once; Enter asks the server for the page.
import { morph, parsed } from "../../live/morph.js";
import { fetched } from "../../live/refetch.js";

const PAUSE_MS = 150;
const box = document.getElementById("q");
const list = document.getElementById("talks");
let timer;

function address(part) {
  const there = new URL("/messages", location);
  if (box.value.trim()) there.searchParams.set("q", box.value);
  if (part) there.searchParams.set("part", part);
  return there.pathname + there.search;
}

async function look() {
  const [asked, path] = [box.value, address("list")];
  const html = await fetched(path).catch(() => null);
  // Of what is typed on meanwhile another look tells.
  if (html === null || asked !== box.value) return;
  list.dataset.live = path;
  morph(list, parsed(html));
  list.scrollTop = 0;
  // Beside a thread the address goes on naming that.
  if (location.pathname === "/messages") history.replaceState(null, "", address());
}

box?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(look, PAUSE_MS);
});
