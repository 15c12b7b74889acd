// Small comforts; every page works without them.
(() => {
  const toggle = document.querySelector("[data-theme-toggle]");
  toggle?.addEventListener("click", () => {
    const root = document.documentElement;
    root.dataset.bsTheme = root.dataset.bsTheme === "dark" ? "light" : "dark";
    try { localStorage.setItem("theme", root.dataset.bsTheme); } catch { /* private window */ }
    document.dispatchEvent(new CustomEvent("theme"));
  });
  // A second tap while the first is on its way does nothing; the server would answer the same.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 4000);
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form").forEach((form) => delete form.dataset.sent);
  });
  // Choosing "another amount" opens its field; typing there chooses it.
  const other = document.querySelector("[data-other-amount]");
  other?.addEventListener("input", () => {
    const choice = document.querySelector("[name=choice][value=other]");
    if (choice) choice.checked = true;
  });
})();
