// The handbook by keyboard, the contents on a narrow page, and commands that are copied with one click.
import { t } from "../i18n.js";
import { onKey } from "/static/keys.js";
import { $, onClick, press } from "/static/page.js";

const contents = $("contents");
const opener = $("show-contents");

function showContents(open) {
  contents.classList.toggle("open", open);
  opener.setAttribute("aria-expanded", String(open));
  if (open) contents.querySelector("input").focus();
}

onClick("#show-contents", () => showContents(!contents.classList.contains("open")));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && contents.classList.contains("open")) {
    showContents(false);
    opener.focus();
  }
});

onKey("j", () => press(document.querySelector(".pages a[rel=next]")));
onKey("k", () => press(document.querySelector(".pages a[rel=prev]")));
onKey("/", () => {
  // The field lies in the contents, which a narrow page hides until they are wanted.
  if (getComputedStyle(contents).display === "none") showContents(true);
  const field = contents.querySelector("input");
  field.focus();
  field.select();
});

async function copy(button, text) {
  await navigator.clipboard.writeText(text);
  button.textContent = t("Copied");
  setTimeout(() => (button.textContent = t("Copy")), 1500);
}

if (navigator.clipboard) {
  for (const figure of document.querySelectorAll(".prose figure.code")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn sm copy";
    button.textContent = t("Copy");
    button.addEventListener("click", () => copy(button, figure.querySelector("code").textContent));
    figure.append(button);
  }
}

// The page's own place begins where it is read; the contents keep the current line in sight.
contents.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
