// A roll is cut where the receipt ends; a print that was recorded opens the dialog, once; a link leads into the reversal.
(() => {
  "use strict";
  const CUT = 10; // mm below the last line
  const paper = document.getElementById("paper");

  const roll = Number(paper.dataset.roll);
  if (roll) {
    paper.classList.add("is-measured"); // with what is seen on paper alone
    const long = Math.ceil(paper.offsetHeight * 25.4 / 96) + CUT;
    paper.classList.remove("is-measured");
    // Longer than wide: some drivers turn a page that lies on its side.
    const sheet = document.getElementById("paper-size").sheet;
    sheet.insertRule(`@page { size: ${roll}mm ${Math.max(long, roll + 10)}mm; }`, sheet.cssRules.length);
  }

  if ("printNow" in paper.dataset) {
    const here = new URL(location.href);
    here.searchParams.delete("print"); // coming back or loading again is no print
    history.replaceState(null, "", here);
    addEventListener("load", () => print());
  }

  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (target && /^(INPUT|TEXTAREA)$/.test(target.tagName)) target.focus();
})();
