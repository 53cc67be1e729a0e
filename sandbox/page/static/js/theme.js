// Light, dark, or as the system says; kept in the browser.

import { changed } from "./store.js";

const KEY = "connect.theme";
const NEXT = { system: "light", light: "dark", dark: "system" };
let worn = stored();

/** Use what was chosen last. */
export function wearTheme() {
  if (worn === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = worn;
}

/** Choose the next one. */
export function nextTheme() {
  worn = NEXT[worn];
  localStorage.setItem(KEY, worn);
  wearTheme();
  changed();
}

/** The one that is worn. */
export function theme() {
  return worn;
}

function stored() {
  const word = localStorage.getItem(KEY);
  return word in NEXT ? word : "system";
}
