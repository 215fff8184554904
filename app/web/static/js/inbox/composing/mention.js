// Whom to name in a note: after an @ the people whose names begin so, chosen by arrows and Enter, or
// by a click (WAI-ARIA, a textbox with a listbox). Without it a name that is typed is found as well.
const field = document.getElementById("note");
const list = document.getElementById("mentions");
const people = [...(list?.children ?? [])];
const BEFORE = /(^|[^\w@.])@([^@\n]{0,40})$/u;

const shown = () => people.filter((each) => !each.hidden);
const picked = () => people.find((each) => each.getAttribute("aria-selected") === "true");

function pick(each) {
  for (const one of people) one.setAttribute("aria-selected", String(one === each));
  each?.scrollIntoView({ block: "nearest" });
  if (each) field.setAttribute("aria-activedescendant", each.id);
  else field.removeAttribute("aria-activedescendant");
}

function open(yes) {
  list.hidden = !yes;
  pick(yes ? shown()[0] : undefined);
}

const typed = () => BEFORE.exec(field.value.slice(0, field.selectionStart));

function offer() {
  const found = typed();
  const begun = found?.[2].toLocaleLowerCase();
  const begins = (name) => name.toLocaleLowerCase().split(" ").some((_, index, words) => words.slice(index).join(" ").startsWith(begun));
  for (const each of people) each.hidden = !found || !begins(each.dataset.handle);
  open(shown().length > 0);
}

function take(each) {
  const found = typed();
  if (!found || !each) return;
  const start = field.selectionStart - found[2].length;
  field.setRangeText(`${each.dataset.handle} `, start, field.selectionStart, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  open(false);
  field.focus();
}

function move(by) {
  const each = shown();
  pick(each[(each.indexOf(picked()) + by + each.length) % each.length]);
}

const KEYS = { ArrowDown: () => move(1), ArrowUp: () => move(-1), Enter: () => take(picked()), Tab: () => take(picked()), Escape: () => open(false) };

if (field && people.length) {
  field.addEventListener("input", offer);
  field.addEventListener("blur", () => open(false));
  field.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing || !KEYS[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    KEYS[event.key]();
  });
  // The field keeps the focus.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => take(event.target.closest("li")));
}
