// A click never lands on what an update has put under the pointer a moment ago: it was meant for what
// was there before, perhaps another customer.
const REACTION_MS = 350;
const NEAR_PX = 16;
const at = { x: -1, y: -1 };
let moved = null;
let late = false;

const THINGS = "a, button, summary, label, input, [id]";
const under = () => document.elementFromPoint(at.x, at.y)?.closest(THINGS);
// A button that stays may do something else by now.
const meaning = (thing) => ["id", "href", "formaction"].map((name) => thing?.getAttribute(name)).join();
const order = (part) => [...part.querySelectorAll("[id]")].map((each) => each.id).join();

// Make a change of a part known to the guard.
export function guarded(part, change) {
  const [thing, before] = [under(), order(part)];
  const meant = meaning(thing);
  change();
  const elsewhere = under() !== thing || meaning(thing) !== meant, reordered = order(part) !== before;
  if (elsewhere || reordered) moved = { part, elsewhere, when: performance.now(), ...at };
}

const near = (event) => Math.hypot(event.clientX - moved.x, event.clientY - moved.y) < NEAR_PX;

// A finger is seen only once it touches: it may be meant for anything in the part.
function comesTooLate(event) {
  if (!moved || performance.now() - moved.when > REACTION_MS) return false;
  return event.pointerType === "touch" ? moved.part.contains(event.target) : moved.elsewhere && near(event);
}

function note(event) { at.x = event.clientX; at.y = event.clientY; }
addEventListener("pointermove", note, { capture: true, passive: true });
addEventListener("pointerdown", (event) => { late = comesTooLate(event); note(event); }, { capture: true });
addEventListener("click", (event) => {
  // A key that is pressed on something clicks it, too, and means it.
  if (!late || !event.detail) return;
  late = false;
  event.preventDefault();
  event.stopImmediatePropagation();
}, { capture: true });
