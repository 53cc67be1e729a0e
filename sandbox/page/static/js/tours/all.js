// The tours, in the order in which they are offered.

import { BREAK } from "./breaking.js";
import { PULL } from "./pull.js";
import { THREAD } from "./thread.js";
import { TICKET } from "./ticket.js";

export const TOURS = [TICKET, THREAD, PULL, BREAK];
