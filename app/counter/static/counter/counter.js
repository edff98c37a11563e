// The counter by keyboard: "/" goes to the search line; "-" in an empty recharge amount goes to the consumption,
// "+" in an empty consumption amount goes back. Everything works without this file, by Tab and Enter.
(() => {
  "use strict";
  const finder = document.querySelector("[data-finder]");
  const amount = (name) => document.getElementById(`${name}-amount`);
  const jumps = { "-": ["recharge", "consume"], "+": ["consume", "recharge"] };

  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "");
    if (event.key === "/" && !typing && finder) {
      event.preventDefault();
      finder.focus();
      finder.select();
      return;
    }
    const [from, to] = jumps[event.key] ?? [];
    if (from && document.activeElement === amount(from) && !amount(from).value && amount(to)) {
      event.preventDefault();
      amount(to).focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) print();
  });
})();
