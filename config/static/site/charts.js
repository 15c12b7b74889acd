// Draws every [data-chart] from the JSON beside it, in the theme's colours. Numbers: decimal comma, thin groups.
(() => {
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const config = { displayModeBar: false, responsive: true, locale: document.documentElement.lang, staticPlot: false };

  // Figures carry the light theme's colours and say which token each is: put in this theme's.
  const recolour = (value, tokens) => {
    if (typeof value === "string") return Object.hasOwn(tokens, value) ? css("--" + tokens[value]) : value;
    if (Array.isArray(value)) return value.map((item) => recolour(item, tokens));
    if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, recolour(v, tokens)]));
    return value;
  };

  const axis = (given, phone) => ({ gridcolor: css("--line"), linecolor: css("--line-strong"), zerolinecolor: css("--line-strong"), automargin: true, fixedrange: true, ...given, ...(phone && given?.nticks ? { nticks: Math.min(given.nticks, 4), tickangle: 0 } : {}) });

  function draw(place) {
    const source = JSON.parse(document.getElementById(place.dataset.chart).textContent);
    const figure = recolour(source, source.layout.meta.tokens);
    const phone = place.clientWidth < 560;
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const axes = ["xaxis", "yaxis", ...Object.keys(figure.layout).filter((key) => /^[xy]axis\d$/.test(key))];
    const layout = {
      ...figure.layout,
      font: { family: "Inter, system-ui, sans-serif", size: phone ? 12 : 0.875 * rem, color: css("--ink") },
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      separators: document.documentElement.lang === "sv" ? ",\u00a0" : ".,",
      margin: { l: 8, r: 14, t: 10, b: 8, ...(figure.layout.margin || {}) },
      // Two columns on a phone: a legend of six lines would leave no room for the drawing.
      legend: { orientation: "h", y: -0.18, ...(phone ? { entrywidth: 0.48, entrywidthmode: "fraction", font: { size: 11 } } : {}), ...(figure.layout.legend || {}) },
      hoverlabel: { font: { family: "Inter, system-ui, sans-serif" } },
      ...Object.fromEntries(axes.map((key) => [key, axis(figure.layout[key], phone && key.startsWith("x"))])),
      transition: calm ? undefined : figure.layout.transition,
    };
    Plotly.react(place, figure.data, layout, config).then(() => {
      if (!place.dataset.drawn) offer(place);
      place.dataset.drawn = "true";
    });
  }

  // The drawing to take along, on the card's own ground, as wide as a slide.
  function offer(place) {
    const filename = place.dataset.chart.replace(/-data$/, "");
    const beside = place.closest(".chart")?.querySelector("[data-take]");
    for (const format of beside ? ["png", "svg"] : []) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-quiet", textContent: format.toUpperCase() });
      button.addEventListener("click", () => {
        const layout = { ...place.layout, paper_bgcolor: css("--card"), autosize: false };
        Plotly.downloadImage({ data: place.data, layout }, { format, filename, width: 800, height: 450, scale: format === "png" ? 2 : 1 });
      });
      beside.append(" ", button);
    }
  }

  const places = [...document.querySelectorAll("[data-chart]")];
  const again = () => places.filter((place) => place.dataset.drawn).forEach(draw);
  if (window.Plotly) {
    places.forEach(draw);
  } else {
    // The library is large: it is fetched, and a drawing made, when somebody comes near.
    const needs = document.currentScript.dataset.needs.split(" ");
    const fetched = (source) => new Promise((done, failed) => {
      const script = document.createElement("script");
      Object.assign(script, { src: source, onload: done, onerror: failed });
      document.head.append(script);
    });
    let library;
    const come = (place) => {
      if (place.dataset.comes) return;
      place.dataset.comes = "true";
      library ??= needs.reduce((before, source) => before.then(() => fetched(source)), Promise.resolve());
      library.then(() => draw(place));
    };
    const watch = (options) => {
      const eye = new IntersectionObserver(
        (seen) => seen.filter((entry) => entry.isIntersecting).forEach((entry) => come(entry.target)), options,
      );
      places.forEach((place) => eye.observe(place));
    };
    watch({ threshold: 0.1 }); // At first what is in sight, and once somebody moves what soon will be.
    window.addEventListener("scroll", () => watch({ rootMargin: "500px 0px" }), { once: true, passive: true });
    // Ctrl+P begins with a key: most are drawn when the paper is asked for.
    for (const when of ["keydown", "beforeprint"]) window.addEventListener(when, () => places.forEach(come), { once: true });
  }
  document.addEventListener("theme", again);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => setTimeout(again));
})();
