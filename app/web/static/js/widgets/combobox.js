// A field with a list of what can be chosen below it (WAI-ARIA APG, combobox with a listbox): arrows
// move, Enter chooses, Escape closes. The focus stays in the field.
let count = 0;

// options(text) gives a promise of [{ label, detail, key, choose }]; nothing is chosen before somebody
// moves, unless first is true.
export function combobox(field, list, options, first = false) {
  let shown = [];
  let current = -1;
  list.id ||= `options-${count += 1}`;
  list.setAttribute("role", "listbox");
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"]]) field.setAttribute(name, value);

  function mark(place) {
    current = place;
    [...list.children].forEach((each, at) => each.setAttribute("aria-selected", String(at === place)));
    const chosen = list.children[place];
    if (chosen) field.setAttribute("aria-activedescendant", chosen.id); else field.removeAttribute("aria-activedescendant");
    chosen?.scrollIntoView({ block: "nearest" });
  }

  function show(found) {
    shown = found;
    list.replaceChildren(...found.map((each, place) => row(each, `${list.id}-${place}`)));
    list.hidden = !found.length;
    field.setAttribute("aria-expanded", String(Boolean(found.length)));
    mark(first && found.length ? 0 : -1);
  }

  async function look() {
    const asked = field.value;
    const found = await options(asked);
    if (asked === field.value) show(found);
  }

  field.addEventListener("input", look);
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && shown.length) mark((current + step + shown.length + (current < 0 && step < 0)) % shown.length);
    else if (event.key === "Enter" && shown[current]) shown[current].choose();
    else if (event.key === "Escape" && !list.hidden && !first) show([]);
    else return;
    event.preventDefault();
    if (event.key === "Escape") event.stopPropagation();
  });
  // Before the field loses the focus.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const place = [...list.children].indexOf(event.target.closest("[role=option]"));
    if (place >= 0) shown[place].choose();
  });
  return { look, close: () => show([]) };
}

function row({ label, detail, key }, id) {
  const option = document.createElement("li");
  option.id = id;
  option.setAttribute("role", "option");
  for (const [kind, words] of [["span", label], ["small", detail], ["kbd", key]]) {
    if (words) option.append(Object.assign(document.createElement(kind), { textContent: words }));
  }
  return option;
}
