// What a visitor's hands do, on the real controls: find them by what they are called, press, type, choose.

const PATIENCE = 15_000;

/** The first control in a pane that can be seen and is called like that: `button`, `field`, `link`, …. */
export function find(pane, selector, name) {
  const all = [...document.querySelectorAll(`#pane-${pane} :is(${selector})`)];
  return all.find((each) => (name === undefined || fits(nameOf(each), name)) && !each.closest("[inert]")) ?? null;
}

/** What a control is called. */
export function nameOf(element) {
  const labels = [...(element.labels ?? [])].map((label) => label.textContent);
  return (element.getAttribute("aria-label") ?? labels[0] ?? element.textContent).replace(/\s+/g, " ").trim();
}

function fits(name, wanted) {
  return wanted instanceof RegExp ? wanted.test(name) : name === wanted || name.startsWith(`${wanted} `);
}

/** Wait until something is found, and return it. */
export async function until(look, patience = PATIENCE) {
  const end = performance.now() + patience;
  for (;;) {
    const found = look();
    if (found) return found;
    if (performance.now() > end) throw new Error("it did not appear");
    await new Promise((again) => setTimeout(again, 30));
  }
}

/** Press a control as soon as it is there. */
export async function press(look) {
  const control = await until(() => {
    const found = look();
    return found && !found.disabled ? found : null;
  });
  control.focus();
  control.click();
}

/** Type into a field as soon as it is there. */
export async function type(look, text) {
  const field = await until(look);
  field.focus();
  field.value = text;
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText", data: text }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
}

/** Choose in a select as soon as it offers that. */
export async function choose(look, value) {
  const select = await until(() => [...(look()?.options ?? [])].some((each) => each.value === value) && look());
  select.value = value;
  select.dispatchEvent(new Event("change", { bubbles: true }));
}
