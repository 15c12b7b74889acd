// Runs before the first paint: the visitor's choice of theme, else the system's.
(() => {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const apply = () => { root.dataset.bsTheme = chosen() || (dark.matches ? "dark" : "light"); };
  root.classList.add("has-script");
  apply();
  dark.addEventListener("change", apply);
})();
