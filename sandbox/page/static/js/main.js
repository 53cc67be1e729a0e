// The page: the shell with its four panes; each pane draws itself from the state.

import { render } from "./lit.js";
import { shell } from "./shell.js";
import { changed, listen, onChange } from "./store.js";
import { wearTheme } from "./theme.js";
import { watchTours } from "./tour.js";

const root = document.getElementById("app");
wearTheme();
root.replaceChildren();
onChange((state) => render(shell(state), root));
changed();
listen();
watchTours();
