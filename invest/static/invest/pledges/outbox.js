// A phone in a crowded hall: the promise is kept in the phone before it is sent, its key with it,
// and sent until the server has answered. The same key twice is one promise. Without script, or
// with storage refused, the form is an ordinary form.
(() => {
  const form = document.querySelector("form[data-outbox]");
  const shelf = document.getElementById("outbox");
  if (!form || !shelf || !window.crypto?.randomUUID) return;
  const NAME = "byakassan-outbox";
  const words = shelf.dataset;
  const read = () => { try { return JSON.parse(localStorage.getItem(NAME) || "[]"); } catch { return []; } };
  const write = (rows) => { try { localStorage.setItem(NAME, JSON.stringify(rows)); return true; } catch { return false; } };
  const change = (key, facts) => write(read().map((row) => (row.key === key ? { ...row, ...facts } : row)));
  let busy = false;

  // A form that was kept for lack of a net carries a key that may have been sent already.
  const fresh = () => { const key = crypto.randomUUID(); form.elements.key.value = key; return key; };
  fresh();

  function show() {
    const rows = read().filter((row) => row.state !== "sent" || Date.now() - row.at < 36e5);
    shelf.replaceChildren(...rows.map((row) => {
      const line = document.createElement("li");
      line.className = `notice ${row.state === "sent" ? "is-good" : row.state === "refused" ? "is-bad" : "is-warm"}`;
      const told = { waiting: words.waiting, sent: words.sent, refused: words.refused }[row.state];
      const what = document.createElement("p");
      what.textContent = `${row.title}: ${told}`;
      line.append(what);
      for (const sentence of row.errors || []) { const p = document.createElement("p"); p.textContent = sentence; line.append(p); }
      if (row.receipt) { const a = document.createElement("a"); a.href = row.receipt; a.textContent = words.receipt; line.append(a); }
      if (row.state === "refused") {
        const away = document.createElement("button");
        away.type = "button"; away.className = "btn btn-quiet mt-2"; away.textContent = words.away;
        away.addEventListener("click", () => { write(read().filter((other) => other.key !== row.key)); show(); });
        line.append(away);
      }
      return line;
    }));
    shelf.hidden = !rows.length;
  }

  async function send(row) {
    const body = new URLSearchParams(row.fields);
    let answer;
    try {
      answer = await fetch(row.action, { method: "POST", body, headers: { Accept: "application/json" }, credentials: "same-origin" });
    } catch { return false; }
    if (answer.status >= 500 || answer.status === 429) return false;
    let told = {};
    try { told = await answer.json(); } catch { /* not ours: a 403 page */ }
    if (answer.ok && told.receipt) { change(row.key, { state: "sent", receipt: told.receipt, fields: null, at: Date.now() }); return told.receipt; }
    change(row.key, { state: "refused", errors: told.errors || [words.again] });
    return true;
  }

  async function flush() {
    if (busy) return; busy = true;
    for (const row of read().filter((one) => one.state === "waiting")) await send(row);
    busy = false; show();
  }

  form.addEventListener("submit", async (event) => {
    if (!form.checkValidity()) return;
    const key = form.elements.key.value;
    const fields = [...new FormData(form).entries()].filter(([, value]) => typeof value === "string");
    const row = { key, action: form.action, fields, title: form.dataset.title, state: "waiting", at: Date.now() };
    if (!read().some((one) => one.key === key) && !write([...read(), row])) return; // No room: send it the plain way.
    event.preventDefault();
    form.querySelector("[type=submit]").disabled = true;
    const landed = await send(row);
    form.querySelector("[type=submit]").disabled = false;
    if (typeof landed === "string") { location.assign(landed); return; }
    const now = read().find((one) => one.key === key);
    if (now?.state === "refused") { // What is wrong is told on the page itself, with everything kept.
      write(read().filter((one) => one.key !== key));
      form.submit();
      return;
    }
    fresh(); show(); shelf.scrollIntoView({ block: "center" });
  });
  window.addEventListener("online", flush);
  setInterval(flush, 4000);
  navigator.serviceWorker?.register("/sw.js");
  show(); flush();
})();
