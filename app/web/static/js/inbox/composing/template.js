// Once WhatsApp's window is closed, an approved template takes the place of free text.
const form = document.getElementById("composer");
const picker = document.getElementById("picker");
const select = document.getElementById("template");

export const byTemplate = () => Boolean(picker && !picker.disabled);

// A disabled fieldset is not sent.
function use(part, yes) {
  part.disabled = !yes;
  part.hidden = !yes;
}

function followChannel() {
  const channel = form.querySelector("[name=channel]:checked");
  use(picker, Boolean(channel?.dataset.byTemplate));
  form.classList.toggle("by-template", byTemplate());
}

function followChoice() {
  for (const part of picker.querySelectorAll("[data-template]")) {
    use(part, part.dataset.template === select.value);
    preview(part);
  }
}

// What the customer will read; a gap that is still open shows its number.
function preview(part) {
  const pieces = part.dataset.body.split(/(\{\{\d+\}\})/).map((piece, place) => (place % 2 ? filling(part, piece) : piece));
  part.querySelector(".template-preview").replaceChildren(...pieces);
}

function filling(part, gap) {
  const value = part.querySelector(`[data-gap="${gap.slice(2, -2)}"]`).value.trim().replace(/\s+/g, " ");
  const mark = document.createElement("mark");
  mark.textContent = value || gap;
  mark.classList.toggle("open", !value);
  return mark;
}

// As it was before something was filled in.
export function clearTemplate() {
  picker.querySelectorAll("input").forEach((input) => { input.value = input.defaultValue; });
  followChoice();
}

if (picker) {
  document.getElementById("channels").addEventListener("change", followChannel);
  select.addEventListener("change", followChoice);
  picker.addEventListener("input", (event) => {
    const part = event.target.closest("[data-template]");
    if (part) preview(part);
  });
  followChoice();
  followChannel();
}
