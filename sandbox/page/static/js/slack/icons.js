// The pane's own icons: lines on a grid of 16, in the colour of the words around them.

import { html } from "../lit.js";

const PATHS = {
  lock: "M4.5 7.5h7v6h-7z M6 7.5V5a2 2 0 0 1 4 0v2.5",
  people: "M6 7.5a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6z M1.8 13c.3-2.4 2-3.7 4.2-3.7s3.9 1.3 4.2 3.7 " +
    "M10.6 3.3a2.1 2.1 0 0 1 0 4 M11.6 9.6c1.5.4 2.5 1.6 2.7 3.4",
  shared: "M5.5 10.5a3.5 3.5 0 1 1 3.4-4.4 M10.5 5.5a3.5 3.5 0 1 1-3.4 4.4",
  hash: "M6.3 2.5 5 13.5 M11 2.5 9.7 13.5 M3 6h10.3 M2.7 10H13",
  app: "M8 1.8 14.2 8 8 14.2 1.8 8z",
  bolt: "M9 1.5 3.5 9H7.5L7 14.5 12.5 7H8.5z",
  send: "M2 2.5 14.5 8 2 13.5 4 8z M4 8h5",
  smile: "M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4z M5.3 9.5c1.3 2 4.1 2 5.4 0 M5.8 6v.4 M10.2 6v.4",
  thread: "M2 3h12v8.5H7.5L4.5 14v-2.5H2z M5 6.2h6 M5 8.6h4",
  more: "M8 3v.3 M8 8v.3 M8 13v.3",
  eye: "M1.5 8C3 5 5.3 3.7 8 3.7S13 5 14.5 8C13 11 10.7 12.3 8 12.3S3 11 1.5 8z " +
    "M8 9.8a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6z",
  file: "M4 1.8h5.2L12.5 5v9.2H4z M9 2v3.2h3.3",
  warning: "M8 2 14.6 13.7H1.4z M8 6.3v3.6 M8 11.7v.3",
  bars: "M2.5 4.5h11 M2.5 8h11 M2.5 11.5h11",
  clip: "M12.5 7.2 7.6 12a3 3 0 0 1-4.2-4.2l5.3-5.3a2 2 0 0 1 2.8 2.8L6.3 10.5a.9.9 0 0 1-1.3-1.3l4.6-4.5",
  down: "M4.5 6.5 8 10l3.5-3.5",
};

/** An icon by its name; it says nothing to who cannot see it. */
export function icon(name) {
  return html`<svg class="s-icon" viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor"
    stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"
    aria-hidden="true"><path d=${PATHS[name]}></path></svg>`;
}
