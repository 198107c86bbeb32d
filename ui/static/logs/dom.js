// Small helpers of the log pages: elements without innerHTML, so that no log line can become markup.

/** Make an element; an attribute that is null or false is left out. */
export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

/** Make an SVG element. */
export function svg(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const DRAWINGS = {
  warning: "M8 2.5 14 13H2zM8 6.5v3M8 11.2v.1",
  close: "m4.5 4.5 7 7M11.5 4.5l-7 7",
};

/** Draw one of the few icons that scripts need. */
export function iconOf(name) {
  return svg("svg", { class: "i", "aria-hidden": "true", viewBox: "0 0 16 16" }, svg("path", { d: DRAWINGS[name] }));
}

const STEPS = ["info", "low", "med", "high", "crit"];

/** Draw the bars of a severity: never colour alone. */
export function severityBadge(severity) {
  const filled = STEPS.indexOf(severity);
  const bars = [0, 1, 2, 3].map((n) =>
    svg("rect", { x: 1 + 3.7 * n, y: 8 - 2.5 * n, width: 2.5, height: 4 + 2.5 * n, rx: 1, class: n < filled || (n === 0 && filled === 0) ? "" : "off" }),
  );
  return svg("svg", { class: `bars s-${severity}`, "aria-hidden": "true", viewBox: "0 0 15 15" }, ...bars);
}

/** An answer that is not a success, with the sentences that the server sent. */
export class Refused extends Error {
  constructor(status, said) {
    super([said.what, said.why, said.fix].filter(Boolean).join(" ") || String(status));
    Object.assign(this, { status, said });
  }
}

/** Fetch JSON of this desk; throws Refused with the server's sentences. */
export async function json(url, options = {}) {
  const answer = await fetch(url, { headers: { Accept: "application/json", ...options.headers }, ...options });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw Object.assign(new Refused(answer.status, body.error ?? {}), { problems: body.problems });
  return body;
}

/** The headers that every write needs. */
export function writeHeaders() {
  return { Accept: "application/json", "X-CSRFToken": document.querySelector('meta[name="csrf-token"]')?.content ?? "" };
}

/** Say something to people who listen to the page. */
export function announce(sentence) {
  const place = document.getElementById("logs-said");
  if (place) place.textContent = sentence;
}
