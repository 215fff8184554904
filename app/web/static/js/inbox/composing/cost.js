// What the text costs while it is typed: counted by the server, as it would be sent.
import { ask } from "../../live/scope.js";
import { byTemplate } from "./template.js";

const form = document.getElementById("composer");
const body = document.getElementById("body");
const count = document.getElementById("composer-count");
const AFTER_MS = 250;
let typing;

export function tell() {
  clearTimeout(typing);
  const channel = form.querySelector("[name=channel]:checked");
  const longest = Number(channel?.dataset.longest ?? 1600);
  const over = body.value.length > longest;
  const unfit = over ? "" : unfitFiles(channel);
  count.textContent = over ? `${body.value.length.toLocaleString("en")} of ${longest.toLocaleString("en")} characters: too long` : unfit;
  count.classList.toggle("over", Boolean(over || unfit));
  if (!over && !unfit && !byTemplate() && body.value.trim() && channel?.dataset.billed) typing = setTimeout(tellPrice, AFTER_MS);
}

// Which of the attached files the channel does not take.
function unfitFiles(channel) {
  const taken = channel?.dataset.attachments?.split(" ");
  const unfit = [...form.querySelectorAll(".chip[data-kind]")].filter((chip) => taken && !taken.includes(chip.dataset.kind));
  if (!unfit.length || byTemplate()) return "";
  return `${channel.closest(".pick").dataset.label} does not take “${unfit[0].querySelector(".chip-name").textContent}”: choose another channel, or remove it.`;
}

async function tellPrice() {
  const asked = body.value;
  const answer = await ask("/messages/segments", {
    method: "POST",
    body: new URLSearchParams({ body: asked }),
    headers: { "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content },
  }).catch(() => null);
  if (!answer?.ok || body.value !== asked) return;
  const told = await answer.json();
  const parts = `${told.segments} SMS ${told.segments === 1 ? "segment" : "segments"} (${told.encoding}), ${told.left} characters left`;
  const priced = told.price ? `${parts} · about ${told.price}, by the price under Setup, Business` : parts;
  count.textContent = told.by_rcs ? `${priced}; where it goes by RCS about ${told.by_rcs}` : priced;
}
