// On paper: the light theme, every drawing as wide as a page, and tables for what is not drawn yet.
// Afterwards all is as it was.
(() => {
  const WIDTH = 960;
  const root = document.documentElement;
  let theme = "";

  const redraw = () => document.dispatchEvent(new Event("theme"));
  const plots = () => document.querySelectorAll("[data-drawn]");
  const tables = () => [...document.querySelectorAll(".plot:not([data-drawn]) ~ details")];
  let opened = [];

  window.addEventListener("beforeprint", () => {
    theme = root.dataset.bsTheme;
    root.dataset.bsTheme = "light";
    opened = tables().filter((table) => !table.open);
    opened.forEach((table) => { table.open = true; });
    redraw();
    plots().forEach((plot) => {
      Plotly.relayout(plot, { autosize: false, width: WIDTH });
      // The drawing grows with the paper: A4 and A3 alike.
      plot.querySelectorAll(".main-svg").forEach((svg) => svg.setAttribute("viewBox", `0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`));
    });
  });

  window.addEventListener("afterprint", () => {
    root.dataset.bsTheme = theme;
    opened.forEach((table) => { table.open = false; });
    plots().forEach((plot) => plot.querySelectorAll(".main-svg").forEach((svg) => svg.removeAttribute("viewBox")));
    redraw();
  });
})();
