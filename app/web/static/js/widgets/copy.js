// Copies the text of the element that a button names; where that is not allowed, selects it.
document.querySelector("[data-copy]")?.addEventListener("click", async ({ target }) => {
  const said = document.getElementById(target.dataset.copy);
  const copied = await navigator.clipboard?.writeText(said.textContent).then(() => true, () => false);
  target.textContent = copied ? "Copied" : "Copy";
  if (!copied) getSelection().selectAllChildren(said);
});
