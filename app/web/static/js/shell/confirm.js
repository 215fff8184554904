// Questions before something is deleted, and what Flask-Admin would do in inline script.
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (!question || window.confirm(question)) return;
  event.preventDefault();
  // Nor does a script send the form, that would hear of it next.
  event.stopPropagation();
}, { capture: true });

// Flask-Admin names the new row's fields, and leaves their labels without one.
function addInline(add) {
  window.faForm.addInlineField(add, add.dataset.addInline);
  add.parentElement.querySelectorAll(".fresh label[for]").forEach((label) => {
    const field = label.parentElement.querySelector("input, select, textarea");
    if (field) label.htmlFor = field.id;
  });
}

document.addEventListener("click", (event) => {
  const add = event.target.closest("[data-add-inline]");
  if (add) addInline(add);
});
