// The gaps of the approved template that is chosen, and of no other.
const select = document.getElementById("approved");

select.addEventListener("input", () => {
  for (const part of document.querySelectorAll("[data-approved]")) {
    // A disabled fieldset is not sent.
    part.disabled = part.hidden = part.dataset.approved !== select.value;
  }
});
