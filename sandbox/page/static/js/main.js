// The page: the shell with its four panes; each pane draws itself from the state.

import { render } from "./lit.js";
import { shell } from "./shell.js";
import { changed, listen, onChange } from "./store.js";

const root = document.getElementById("app");
root.replaceChildren();
onChange((state) => render(shell(state), root));
changed();
listen();
