// Runs in <head>, before anything is painted: the page never flashes in the wrong theme.
(() => {
  "use strict";
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const kept = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const theme = () => kept() || (system.matches ? "dark" : "light");
  const apply = () => {
    root.dataset.bsTheme = theme();
    for (const button of document.querySelectorAll("[data-theme-toggle]")) button.ariaPressed = theme() === "dark";
  };
  apply();
  system.addEventListener("change", apply);
  addEventListener("DOMContentLoaded", apply);
  addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-toggle]")) return;
    const wanted = theme() === "dark" ? "light" : "dark";
    try { localStorage.setItem("theme", wanted); } catch { /* a private window keeps nothing */ }
    apply();
  });
})();
