// Loaded before the first paint, so that a dark desk never flashes white. CSP forbids an inline script.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const resolve = () => {
    root.dataset.theme = dark.matches ? "dark" : "light";
  };
  if (root.dataset.theme === "auto") {
    resolve();
    dark.addEventListener("change", resolve);
  }
})();
