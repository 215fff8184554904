// Whether somebody has changed a field since the page came.
export const typed = (field) => field.type !== "hidden" && (
  field.options ? field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected))
    // A button has no value to begin with.
    : "defaultValue" in field && (field.value !== field.defaultValue || field.checked !== field.defaultChecked));
