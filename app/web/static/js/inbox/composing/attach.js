// Files are uploaded one by one while the message is written: chosen, dropped on the conversation,
// or pasted.
import { ask, business } from "../../live/scope.js";
import { say } from "./say.js";

const form = document.getElementById("composer");
const chosen = document.getElementById("files");
const list = document.getElementById("composer-files");
const MOST = 10, LARGEST = 5 * 1024 * 1024;
const TOO_LARGE = "The files are larger than 5 MB together. Send them smaller or one by one.";
let under = Promise.resolve();

export const uploaded = () => under;
export const isUploading = () => Boolean(list.querySelector("progress:not([hidden])"));
export const hasFiles = () => list.children.length > 0;
const chips = () => [...list.querySelectorAll(".chip")];
// All of them, or those with these ids.
export function clearFiles(ids) {
  for (const chip of chips()) if (!ids || ids.includes(chip.querySelector("[name=file_id]").value)) chip.remove();
}

const told = (size) => (size < 1e6 ? `${Math.max(1, Math.round(size / 1e3))} kB` : `${(size / 1e6).toFixed(1)} MB`);

function newChip({ name, size }) {
  const chip = document.getElementById("draft-file").content.firstElementChild.cloneNode(true);
  chip.querySelector(".chip-name").textContent = name;
  chip.querySelector("small").textContent = told(size);
  chip.querySelector(".chip-remove").setAttribute("aria-label", `Remove ${name}`);
  chip.dataset.size = size;
  list.append(chip);
  return chip;
}

function arrived(chip, { id, kind }) {
  const field = chip.querySelector("[name=file_id]");
  field.value = id;
  field.disabled = false;
  chip.dataset.kind = kind;
  chip.querySelector("progress").hidden = true;
  list.dispatchEvent(new Event("change", { bubbles: true }));
}

// One that the server has.
export function addFile(file) { arrived(newChip(file), file); }

function refusal(file) {
  const sizes = chips().map((chip) => Number(chip.dataset.size ?? 0));
  if (sizes.length >= MOST) return `At most ${MOST} files go with one message.`;
  const total = sizes.reduce((sum, size) => sum + size, file.size);
  return total > LARGEST ? TOO_LARGE : "";
}

export function attach(files) {
  say("");
  for (const file of files) {
    const wrong = refusal(file);
    if (wrong) { say(wrong); return; }
    const chip = newChip(file);
    under = under.then(() => upload(chip, file));
  }
}

// fetch() tells nothing of how far it is.
function upload(chip, file) {
  if (!chip.isConnected) return undefined;
  const sent = new FormData();
  sent.append("file", file, file.name);
  const request = new XMLHttpRequest();
  return new Promise((settle) => {
    request.open("POST", form.dataset.files);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", form.elements.csrf_token.value);
    request.setRequestHeader("X-Business", business);
    request.upload.onprogress = ({ loaded, total }) => { chip.querySelector("progress").value = loaded / total; };
    request.onloadend = () => { took(chip, file, request); settle(); };
    chip.addEventListener("remove", () => request.abort());
    request.send(sent);
  });
}

function took(chip, file, { status, responseText }) {
  if (!chip.isConnected) return;
  if (status === 413) { chip.remove(); say(TOO_LARGE); return; }
  if (status === 201) { arrived(chip, JSON.parse(responseText)); return; }
  chip.remove();
  const { error } = status === 422 ? JSON.parse(responseText) : {};
  say(error ?? (status ? `“${file.name}” could not be uploaded. Reload the page and try again.` : `“${file.name}” was not uploaded: no connection. Attach it again when you are back online.`));
}

async function remove(chip, button) {
  const { value } = chip.querySelector("[name=file_id]");
  chip.remove();
  chip.dispatchEvent(new Event("remove"));
  form.elements.body.focus();
  list.dispatchEvent(new Event("change", { bubbles: true }));
  if (!value) return;
  const headers = { Accept: "application/json", "X-CSRFToken": form.elements.csrf_token.value };
  await ask(button.formAction, { method: "POST", body: new URLSearchParams({ draft_file_id: value }), headers }).catch(() => {});
}

const carries = (event) => event.dataTransfer?.types.includes("Files");

function takeDrops(place) {
  place.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    place.classList.add("dropping");
  });
  place.addEventListener("dragleave", (event) => { if (!place.contains(event.relatedTarget)) place.classList.remove("dropping"); });
  place.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    place.classList.remove("dropping");
    attach(event.dataTransfer.files);
  });
}

if (form) {
  // From now on they go by themselves, and not with the form.
  chosen.removeAttribute("name");
  chosen.addEventListener("change", () => { attach([...chosen.files]); chosen.value = ""; });
  form.elements.body.addEventListener("paste", (event) => {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    attach([...event.clipboardData.files]);
  });
  list.addEventListener("click", (event) => {
    const button = event.target.closest(".chip-remove");
    if (!button) return;
    event.preventDefault();
    remove(button.closest(".chip"), button);
  });
  takeDrops(form.closest(".thread"));
}
