// What the page uses of lit-html, under one address.
export { html, svg, nothing, render } from "../vendor/lit-html/lit-html.js";
export { repeat } from "../vendor/lit-html/directives/repeat.js";
export { live } from "../vendor/lit-html/directives/live.js";
export { ref } from "../vendor/lit-html/directives/ref.js";
export { classMap } from "../vendor/lit-html/directives/class-map.js";
export { keyed } from "../vendor/lit-html/directives/keyed.js";
export { ifDefined } from "../vendor/lit-html/directives/if-defined.js";
export { unsafeHTML } from "../vendor/lit-html/directives/unsafe-html.js";
