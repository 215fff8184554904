// What is wrong, and what came of a button, above the composer; the one takes the other away.
const error = document.getElementById("composer-error");
const done = document.getElementById("composer-said");

export function say(wrong, came = "") {
  error.textContent = wrong;
  error.hidden = !wrong;
  done.textContent = came;
}
