// Light, dark, or as the system says; kept in the browser.

import { changed } from "./store.js";

const KEY = "connect.theme";
const NEXT = { system: "light", light: "dark", dark: "system" };
let theme = stored();

/** Use what was chosen last. */
export function wearTheme() {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** Choose the next one. */
export function nextTheme() {
  theme = NEXT[theme];
  localStorage.setItem(KEY, theme);
  wearTheme();
  changed();
}

/** What the switch says. */
export function themeWord() {
  return `Theme: ${theme}`;
}

function stored() {
  const word = localStorage.getItem(KEY);
  return word in NEXT ? word : "system";
}
