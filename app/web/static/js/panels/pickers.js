// select2's boxes say what they are: a combobox (WAI-ARIA), named by their label and by what is
// chosen. select2 3.5 calls its text field a button, which none can be, and leaves the label out.
const single = window.Select2?.class.single.prototype;

function introduce(container) {
  const field = container.querySelector(".select2-focusser");
  const label = field.previousElementSibling;
  label.id ||= `${field.id}-label`;
  const says = { role: "combobox", "aria-haspopup": "listbox", "aria-expanded": "false", "aria-labelledby": `${label.id} ${field.getAttribute("aria-labelledby")}` };
  for (const [name, value] of Object.entries(says)) field.setAttribute(name, value);
}

if (single) {
  const begin = single.initContainer;
  single.initContainer = function initContainer() { begin.call(this); introduce(this.container[0]); };
}
