// Adds up what is counted while one types.
(() => {
  "use strict";
  const count = document.querySelector("[data-count]");
  if (!count) return;
  const inputs = [...count.querySelectorAll("[data-worth]")];
  const shown = count.querySelector(".count-sum");
  const zero = count.dataset.zero;

  // In whole cents: sums of fractions would lie.
  const cents = (text) => Math.round(Number(text.replace(/[,，\s]/g, "").replace("。", ".")) * 100);
  const add = () => {
    const sum = inputs.reduce((total, input) => {
      const typed = input.value.trim();
      if (!typed) return total;
      return total + (input.dataset.worth === "rest" ? cents(typed) : Number(typed) * cents(input.dataset.worth));
    }, 0);
    shown.hidden = !Number.isSafeInteger(sum);
    const digits = (sum / 100).toLocaleString(document.documentElement.lang, { minimumFractionDigits: 2 });
    count.querySelector("[data-sum]").textContent = zero.replace(/0[.,]00/, digits);
  };
  count.addEventListener("input", add);
  add();
})();
