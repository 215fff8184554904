// Menus made of <details>: one at a time, gone with Escape or a click beside them. Without this
// they open and close all the same.
const open = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", (event) => {
  open().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
});

function leave(menu) {
  const back = menu.contains(document.activeElement);
  menu.open = false;
  if (back) menu.querySelector("summary").focus();
}

// What was chosen is on its way.
document.addEventListener("submit", (event) => {
  const menu = event.submitter?.closest("details.menu");
  if (menu) leave(menu);
}, { capture: true });

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  open().forEach(leave);
});
