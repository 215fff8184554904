// Makes a part of the page into what the server has now, and leaves alone what is the person's: focus,
// selection, what they opened, typed, chose and scrolled to. Nodes are known by their ids.
import { Idiomorph } from "../../vendor/idiomorph/idiomorph.esm.js";
import { typed } from "../widgets/typed.js";

const callbacks = { beforeNodeMorphed: mayChange, beforeAttributeUpdated: (name) => name !== "open" };

export function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

// fresh: a fragment. With "outerHTML" it takes the place of the part itself.
export function morph(part, fresh, morphStyle = "innerHTML") {
  const focused = part.contains(document.activeElement) && document.activeElement;
  choose(part, fresh);
  Idiomorph.morph(part, fresh, { morphStyle, callbacks });
  // A browser without moveBefore loses it where a node changes its place.
  if (focused && focused.isConnected) focused.focus({ preventScroll: true });
}

const checkable = (field) => field.type === "radio" || field.type === "checkbox";
const FIELDS = "input, textarea, select";

// What somebody has begun to fill in stays as they left it.
function mayChange(old) {
  return !(old instanceof Element && old.matches(FIELDS)) || checkable(old) || !typed(old);
}

// Of several to choose one from, that which is chosen stays, by whomever, as long as it can be.
const kept = (field) => (field.type === "radio" ? field.checked : typed(field));

function choose(part, fresh) {
  for (const field of [...part.querySelectorAll(FIELDS)].filter((each) => checkable(each) && kept(each))) {
    const now = fresh.querySelector(`input[name="${CSS.escape(field.name)}"][value="${CSS.escape(field.value)}"]:not(:disabled)`);
    if (now) now.checked = field.checked;
  }
}
