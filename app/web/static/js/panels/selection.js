// The ticked rows of a list: how many there are, and all at once. What is done with them is a form's.
const bar = document.getElementById("with-selected");
const told = bar?.querySelector("[data-things]");
const all = document.querySelector(".action-rowtoggle");
const boxes = [...document.querySelectorAll(".action-checkbox")];

function count() {
  const ticked = boxes.filter((box) => box.checked).length;
  told.textContent = `${ticked} selected`;
  all.checked = ticked === boxes.length;
  all.indeterminate = ticked > 0 && ticked < boxes.length;
}

if (bar) {
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    count();
  });
  for (const box of boxes) box.addEventListener("change", count);
  // The browser may have kept what was ticked.
  addEventListener("pageshow", count);
}
