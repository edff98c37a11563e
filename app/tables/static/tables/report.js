// The print view of a report: [data-print] opens the dialog.
(() => {
  "use strict";
  document.querySelector("[data-print]")?.addEventListener("click", () => print());
})();
