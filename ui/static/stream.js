// The one event stream of a window: counts beside the navigation, the running job in the status bar.
// Other modules listen for `watchdesk:jobs` and `watchdesk:counts` on the document.
import { leave } from "/static/lock.js";

function showBadge(name, count) {
  const badge = document.querySelector(`[data-badge="${name}"]`);
  if (!badge) return;
  badge.textContent = count.shown;
  badge.hidden = !count.value;
  badge.classList.toggle("hot", name === "triage" && count.value > 0);
}

function showRunning(job) {
  const bar = document.getElementById("running");
  bar.hidden = !job;
  if (!job) return;
  bar.href = job.url;
  bar.querySelector("[data-title]").textContent = job.title;
  bar.querySelector("[data-percent]").textContent = job.shown;
  const progress = bar.querySelector("progress");
  if (job.percent === null) progress.removeAttribute("value");
  else progress.value = job.percent;
}

/** Say whether the desk was locked while the stream was away: then it is refused, and a page that stays shows old news. */
function refused(stream) {
  if (stream.readyState === EventSource.CLOSED) fetch("/lock/alive", { method: "HEAD" }).catch(() => {});
}

function announce(name, detail) {
  document.dispatchEvent(new CustomEvent(`watchdesk:${name}`, { detail }));
}

/** Open the stream; the browser reconnects by itself, and a page that is left closes it. */
export function installStream() {
  const stream = new EventSource("/stream");
  stream.addEventListener("counts", ({ data }) => {
    const counts = JSON.parse(data);
    for (const [name, count] of Object.entries(counts)) showBadge(name, count);
    announce("counts", counts);
  });
  stream.addEventListener("jobs", ({ data }) => {
    const jobs = JSON.parse(data);
    showRunning(jobs.running);
    announce("jobs", jobs);
  });
  stream.addEventListener("locked", leave);
  stream.addEventListener("error", () => refused(stream));
  addEventListener("pagehide", () => stream.close());
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}
