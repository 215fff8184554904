// Writing on a telephone: Enter sends, pictures are shown before they go.
"use strict";

const composer = document.querySelector("[data-composer]");
const body = composer.elements.namedItem("body");
const picker = composer.elements.namedItem("media");
const chosen = composer.querySelector("[data-chosen]");
const error = composer.querySelector("[data-error]");
let files = [];

function say(problem) {
  error.textContent = problem;
  error.hidden = !problem;
}

function fit() {
  body.style.height = "auto";
  body.style.height = `${body.scrollHeight + 2}px`;
}

function chip(file) {
  const item = document.createElement("li");
  if (file.type.startsWith("image/")) {
    const picture = new Image();
    const reader = new FileReader();
    reader.onload = () => { picture.src = reader.result; };
    reader.readAsDataURL(file);
    picture.alt = "";
    item.append(picture);
  }
  const name = document.createElement("span");
  name.textContent = file.name;
  const remove = document.createElement("button");
  remove.type = "button";
  remove.textContent = "×";
  remove.setAttribute("aria-label", `Remove ${file.name}`);
  remove.addEventListener("click", () => choose(files.filter((each) => each !== file)));
  item.append(name, remove);
  return item;
}

function choose(list) {
  const largest = Number(composer.dataset.largest);
  const tooLarge = list.find((file) => file.size > largest);
  files = list.filter((file) => file.size <= largest).slice(0, 10);
  say(tooLarge ? `${tooLarge.name} is over 5 MB.` : "");
  chosen.replaceChildren(...files.map(chip));
  chosen.hidden = !files.length;
}

async function send() {
  if (!body.value.trim() && !files.length) return;
  const form = new FormData(composer);
  form.delete("media");
  for (const file of files) form.append("media", file);
  const answer = await fetch(composer.action, {
    method: "POST", body: form, headers: { "X-Requested-With": "fetch" },
  }).catch(() => null);
  if (!answer || !answer.ok) {
    say(answer && answer.status === 400 ? await answer.text() : "The simulator does not answer.");
    return;
  }
  body.value = "";
  choose([]);
  fit();
  document.querySelector(".thread").dispatchEvent(new Event("refresh"));
}

composer.addEventListener("submit", (event) => { event.preventDefault(); send(); });
body.addEventListener("input", fit);
body.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send();
});
body.addEventListener("paste", (event) => {
  if (event.clipboardData.files.length) choose([...files, ...event.clipboardData.files]);
});
picker.addEventListener("change", () => { choose([...files, ...picker.files]); picker.value = ""; });
const choice = document.querySelector("[data-choose]");
choice.addEventListener("change", () => choice.submit());
// Whoever was quicker than this script has chosen already.
const channel = choice.querySelector("[name=channel]:checked");
if (channel && !channel.defaultChecked) choice.submit();
