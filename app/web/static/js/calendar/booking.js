// A service that is chosen fills in how long it takes.
const service = document.getElementById("service_id");
const minutes = document.getElementById("duration_minutes");

function fill() {
  const usual = service?.selectedOptions[0]?.dataset.minutes;
  if (usual) minutes.value = usual;
}

service?.addEventListener("change", fill);
