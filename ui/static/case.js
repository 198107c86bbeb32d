// One case: its keys. Every act is a form of its own.
import { onKey } from "/static/keys.js";
import { focusOn } from "/static/page.js";

onKey("n", () => focusOn("note"));
onKey("a", () => focusOn("task"));
