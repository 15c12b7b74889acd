// The board goes on from its last figures when the net drops, and says so.
(() => {
  const stale = document.getElementById("stale");
  const time = stale.querySelector("time");
  let fresh = new Date();
  const told = () => fresh.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const lost = () => { time.textContent = told(); stale.hidden = false; };
  const back = () => { fresh = new Date(); stale.hidden = true; };
  document.body.addEventListener("htmx:afterRequest", (event) => (event.detail.successful ? back() : lost()));
  document.body.addEventListener("htmx:sendError", lost);
  window.addEventListener("offline", lost);
})();
