// Questions before something is deleted, and what Flask-Admin would do in inline script.
document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});
document.addEventListener("click", (event) => {
  const action = event.target.closest("[data-model-action]");
  if (action) window.modelActions.execute(action.dataset.modelAction);
  const add = event.target.closest("[data-add-inline]");
  if (add) window.faForm.addInlineField(add, add.dataset.addInline);
});
