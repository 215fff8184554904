// The navigation of a telephone opens and closes.
const toggle = document.querySelector("[data-nav-toggle]");

function open(yes) {
  document.body.classList.toggle("nav-open", yes);
  toggle.setAttribute("aria-expanded", String(yes));
  // What lies behind it is not walked through with the keyboard.
  document.getElementById("main").inert = yes;
}

toggle?.addEventListener("click", () => open(!document.body.classList.contains("nav-open")));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && document.body.classList.contains("nav-open")) { open(false); toggle.focus(); }
});
