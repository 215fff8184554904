// How many customers a segment has, as its filters are chosen.
import { ask } from "../live/scope.js";

const form = document.getElementById("segment-form");
const said = document.getElementById("segment-count");
const PAUSE = 400;
let asked = 0;
let timer;

async function count() {
  const mine = ++asked;
  const given = new FormData(form);
  given.delete("csrf_token");
  const answer = await ask(`${form.dataset.count}?${new URLSearchParams(given)}`, { headers: { Accept: "application/json" } }).catch(() => null);
  const told = await answer?.json().catch(() => ({}));
  if (mine !== asked) return;
  said.textContent = told?.told ?? told?.error ?? "";
  said.classList.toggle("wrong", !answer?.ok);
}

form.addEventListener("input", (event) => {
  if (event.target.name === "name") return;
  clearTimeout(timer);
  timer = setTimeout(count, PAUSE);
});
count();
