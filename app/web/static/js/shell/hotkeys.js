// The keys of a page. Escape leaves a field. What has data-hotkey is pressed, opened or focused by its letter; Ctrl-K finds
// everything, ? lists the keys. Letters count nowhere where somebody types, in no dialog, and not at
// all for whoever turned them off (WCAG 2.2, 2.1.4).
import { openKeys, openPalette } from "./palette.js";

const letters = document.body.dataset.hotkeys === "on";
const TYPED_INTO = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";
const ROW = ".talk, .found-one";

function press(element) {
  // Whoever knows better what the key does there, does it.
  if (!element.dispatchEvent(new CustomEvent("hotkey", { bubbles: true, cancelable: true }))) return;
  if (element.matches(TYPED_INTO)) { element.focus(); element.select?.(); return; }
  element.click();
  if (element.matches("summary")) element.parentElement.querySelector("button, input, textarea, a")?.focus();
}

// Up and down in the list: from the row with the focus, else from the one that is open.
function move(step) {
  const rows = [...document.querySelectorAll(ROW)];
  const here = rows.findIndex((row) => row === document.activeElement);
  const open = rows.findIndex((row) => row.matches("[aria-current]"));
  const from = here >= 0 ? here : open;
  const row = rows[from < 0 ? 0 : Math.min(Math.max(from + step, 0), rows.length - 1)];
  row?.focus({ focusVisible: true });
  return Boolean(row);
}

const visible = (element) => element.checkVisibility?.() ?? true;
const named = (key) => [...document.querySelectorAll(`[data-hotkey="${CSS.escape(key)}"]`)].find(visible);

function does(key) {
  if (key === "j" || key === "k") return move(key === "j" ? 1 : -1);
  if (key === "?") { openKeys(); return true; }
  const element = named(key);
  if (element) press(element);
  return Boolean(element);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette(press);
    return;
  }
  if (event.key === "Escape" && event.target.matches?.(TYPED_INTO) && !event.target.closest("dialog")) {
    event.target.blur();
    return;
  }
  const elsewhere = event.ctrlKey || event.metaKey || event.target.matches?.(TYPED_INTO);
  if (!letters || elsewhere || document.querySelector("dialog[open]")) return;
  if (does(event.key)) event.preventDefault();
});
