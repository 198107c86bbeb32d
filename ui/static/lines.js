// The list of findings, changed in place: the page says which lines it shows, the server draws those that are new or
// changed and names those that stay, and only what differs is touched.
import { arrange } from "/static/arrange.js";

const DRAWN = "X-Watchdesk-Drawn";
const rows = document.getElementById("rows");

export const lines = () => [...rows.querySelectorAll(".f")];
export const lineOf = (id) => rows.querySelector(`.f[data-id="${CSS.escape(id ?? "")}"]`);

/** Show a line as read. It then differs from what the server drew, so it counts as drawn no more. */
export function showRead(line) {
  line?.classList.add("read");
  line?.removeAttribute("data-mark");
}

/** What a group that the server drew will hold: its own lines, and those that stand already. */
function held(group) {
  return [...group.children].map((line) => (line.dataset.kept ? lineOf(line.dataset.kept) : line));
}

/** Put what the server drew in the place of what stands; false when it names a line that went meanwhile. */
function take(drawn) {
  const parts = [...drawn.childNodes].map((part) => ({ part, inside: part.dataset?.group ? held(part) : null }));
  if (parts.some(({ inside }) => inside?.includes(null))) return false;
  const wanted = parts.map(({ part, inside }) => {
    const standing = inside && rows.querySelector(`ul[data-group="${part.dataset.group}"]`);
    if (!standing) return part;
    arrange(standing, inside);
    return standing;
  });
  arrange(rows, wanted);
  return true;
}

document.addEventListener("htmx:configRequest", (event) => {
  const { target, verb, headers } = event.detail;
  if (target !== rows && (verb === "get" || target.id !== "detail")) return;
  const marked = lines().filter((line) => line.dataset.mark);
  headers[DRAWN] = marked.map((line) => `${line.dataset.id}:${line.dataset.mark}`).join(",");
});

window.htmx.defineExtension("lines", {
  handleSwap: (style, target, drawn) => {
    if (style !== "lines") return false;
    if (target !== rows) {
      // At once: htmx would tell each of its elements twice that it goes.
      target.replaceChildren(drawn);
      window.htmx.process(target);
    } else if (!take(drawn)) {
      location.reload(); // two answers crossed
    }
    return [];
  },
});
