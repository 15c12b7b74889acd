// The hall's screen: a slide every twelve seconds. Arrows turn the leaf; any other key, or a tap, stops and goes on.
(() => {
  const place = document.getElementById("slides");
  const all = [...place.querySelectorAll(".slide")];
  const dots = [...document.querySelectorAll(".dots a")];
  const paused = document.getElementById("paused");
  let at = Math.max(0, all.findIndex((slide) => "#" + slide.id === location.hash));
  let timer = 0;

  function show(number) {
    at = (number + all.length) % all.length;
    all.forEach((slide, i) => { slide.classList.toggle("is-shown", i === at); slide.inert = i !== at; });
    dots.forEach((dot, i) => { if (i === at) dot.setAttribute("aria-current", "true"); else dot.removeAttribute("aria-current"); });
    if (timer) start();
  }
  function start() {
    clearTimeout(timer);
    paused.textContent = "";
    timer = setTimeout(() => show(at + 1), Number(place.dataset.seconds) * 1000);
  }
  function stop() {
    clearTimeout(timer);
    timer = 0;
    paused.textContent = paused.dataset.words;
  }
  const toggle = () => (timer ? stop() : start());

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || ["Tab", "Shift", "F5", "F11"].includes(event.key)) return;
    const step = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 }[event.key];
    if (!step && event.key === "Enter" && document.activeElement?.matches(".dots a")) return;
    event.preventDefault();
    if (step) show(at + step); else toggle();
  });
  dots.forEach((dot, i) => dot.addEventListener("click", (event) => { event.preventDefault(); event.stopPropagation(); show(i); }));
  document.addEventListener("click", toggle);

  // A chart that the browser drew is as large as on a page of the site: make it as large as its place.
  const fit = () => document.querySelectorAll(".needs-drawing").forEach((box) => {
    box.style.setProperty("--larger", Math.min(box.clientWidth / 800, box.clientHeight / 333));
  });
  document.documentElement.classList.add("has-script");
  fit();
  addEventListener("resize", fit);
  show(at);
  start();
})();
