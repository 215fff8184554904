// To whom a new message goes: customers are found while one types.
import { combobox } from "../widgets/combobox.js";
import { customers } from "../widgets/customers.js";

const field = document.getElementById("phone");
const { close } = combobox(field, document.getElementById("suggested"), customers);
field.addEventListener("blur", close);
