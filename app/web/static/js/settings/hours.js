// Rows of hours and dates come and go without a round trip; without this script the buttons post.
const form = document.getElementById("hours");
const copy = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

// A row that is new takes the names of its day; which number it has does not matter to the form.
function addRow(place, day) {
  const row = copy("new-row");
  const label = day.querySelector("legend")?.textContent ?? "This date";
  row.querySelectorAll("input").forEach((input) => { input.name = input.name.replace("PLACE", place); });
  row.querySelectorAll("[aria-label]").forEach((each) => { each.ariaLabel = each.ariaLabel.replace("LABEL", label); });
  day.querySelector(".intervals ul").append(row);
  row.querySelector("input").focus();
}

function addDate() {
  const keys = [...form.querySelectorAll("[name=exception]")].map((each) => Number(each.value));
  const place = `exceptions.${Math.max(-1, ...keys) + 1}`;
  const date = copy("new-date");
  date.dataset.place = place;
  date.querySelector("[name=exception]").value = place.split(".")[1];
  date.querySelectorAll("[name^='exceptions.']").forEach((each) => { each.name = each.name.replace(/^exceptions\.NEW/, place); });
  form.querySelector(".dates").append(date);
  date.querySelector("[type=date]").focus();
}

// What has the focus goes: whoever uses the keyboard goes on at what is beside it.
function remove(gone) {
  const near = gone.nextElementSibling ?? gone.previousElementSibling ?? gone.parentElement.parentElement;
  gone.remove();
  near.querySelector("input:not([type=hidden]), [name=add]")?.focus();
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("[name=add], [name=remove]");
  if (!button) return;
  event.preventDefault();
  const day = button.closest("[data-place]");
  if (button.name === "remove") remove(button.closest(".interval") ?? day);
  else if (day) addRow(day.dataset.place, day);
  else addDate();
});

// Other hours have to be entered.
form.addEventListener("change", (event) => {
  const date = event.target.closest(".dated");
  if (!date || !event.target.matches("select") || event.target.value !== "other") return;
  if (!date.querySelector(".interval")) addRow(date.dataset.place, date);
  else date.querySelector(".interval input").focus();
});
