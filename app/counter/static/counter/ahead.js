// Runs in <head>. Whoever types faster than the next page comes loses no key: an amount of 1250 never becomes 250.
// What is typed after a form was sent goes into the input that the cursor waits in on the next page: after a search
// into the amount, after a posting into the search line, and nowhere else. Enter is never kept: no money moves for
// somebody who is not on the screen yet.
(() => {
  "use strict";
  const KEPT = "typed-ahead";
  const take = () => {
    try {
      const kept = JSON.parse(sessionStorage.getItem(KEPT));
      sessionStorage.removeItem(KEPT);
      return kept ?? {};
    } catch { return {}; }
  };
  let { text = "", to = "", until = 0 } = take();
  if (Date.now() > until) text = to = "";

  const keep = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.key === "Escape") { stop(); return; }
    const isText = event.key.length === 1;
    if (isText) text += event.key;
    if (event.key === "Backspace") text = text.slice(0, -1);
    if (isText || event.key === "Backspace" || event.key === "Enter") event.preventDefault();
  };
  let isKeeping = false;
  const start = () => { addEventListener("keydown", keep, true); isKeeping = true; };
  const stop = () => { removeEventListener("keydown", keep, true); isKeeping = false; text = ""; };

  start();
  addEventListener("DOMContentLoaded", () => {
    const input = document.querySelector("input[autofocus]");
    const goes = input && !document.querySelector("[data-focus], [aria-invalid=true]") && (!to || input.matches(to));
    const fits = goes && (input.matches("[data-finder]") ? text : text.replace(/[^\d.,]/g, ""));
    if (fits) {
      if (document.activeElement !== input) input.focus();
      input.value = input.value && !input.matches("[data-finder]") ? input.value + fits : fits;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
    stop();
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (isKeeping || form.method === "dialog") return;
    to = form.getAttribute("role") === "search" ? "#recharge-amount" : "[data-finder]";
    start();
    // Others may still stop the form; what they decide is known when they all have been asked.
    setTimeout(() => { if (event.defaultPrevented) stop(); });
  });
  addEventListener("pagehide", () => {
    if (!text) return;
    try { sessionStorage.setItem(KEPT, JSON.stringify({ text, to, until: Date.now() + 5000 })); } catch { /* lost, then */ }
  });
  addEventListener("pageshow", (event) => { if (event.persisted) stop(); });
})();
