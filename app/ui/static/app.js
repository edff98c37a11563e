// What every page may use, by attributes alone:
//   form[data-confirm="question"]   asks before it is sent (button[data-confirm] asks for that button)
//   form[data-repeats]              brings a file and leaves the page as it is: it may be sent again
//   [data-focus]                    takes the focus when the page opens (an alert, the first wrong field)
//   .js-check-all, .js-check        tick all rows; form.js-bulk is sent with the ticked ones
//   [data-submit-on-change]         sends its form when it changes
//   [data-quick=id]                 its buttons put their values into that input
//   [data-print]                    prints the page; hidden until there is somebody to press it
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  all("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => print());
  });

  const dialog = document.getElementById("ask");

  const ask = (question) => new Promise((resolve) => {
    document.getElementById("ask-text").textContent = question;
    dialog.returnValue = "";
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    dialog.showModal();
  });

  // A form is sent once: a second click finds the button off. Coming back by the browser's button turns it on again.
  const sending = new WeakSet();
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const question = event.submitter?.dataset.confirm || form.dataset.confirm;
    if (form.method === "dialog" || event.defaultPrevented) return;
    if (question && form.dataset.answered !== "yes") {
      event.preventDefault();
      if (!await ask(question)) return;
      form.dataset.answered = "yes";
      form.requestSubmit(event.submitter);
      return;
    }
    if (form.method !== "post" || form.hasAttribute("data-repeats")) return;
    if (sending.has(form)) { event.preventDefault(); return; }
    sending.add(form);
    for (const button of all("button:not([type=button])", form)) button.classList.add("is-sending");
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.forms) { sending.delete(form); delete form.dataset.answered; }
    for (const button of all(".is-sending")) button.classList.remove("is-sending");
  });

  const bulk = (list) => {
    const picked = all(".js-check:checked", list);
    for (const part of all(".js-bulk", list)) part.hidden = !picked.length;
    for (const part of all(".js-picked", list)) part.textContent = picked.length;
    for (const row of all("tr", list)) row.classList.toggle("is-picked", !!row.querySelector(".js-check:checked"));
  };
  document.addEventListener("change", (event) => {
    const list = event.target.closest(".js-list");
    if (event.target.matches(".js-check-all")) for (const box of all(".js-check", list)) box.checked = event.target.checked;
    if (event.target.matches(".js-check, .js-check-all")) bulk(list);
    if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
  });

  for (const chips of all("[data-quick]")) {
    const input = document.getElementById(chips.dataset.quick);
    chips.hidden = !input;
    chips.addEventListener("click", (event) => {
      const chip = event.target.closest("button");
      if (!chip) return;
      input.value = chip.value;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      if (!matchMedia("(hover: none)").matches) input.focus();
    });
  }

  // A long menu shows where one is.
  const side = document.getElementById("sidebar"), entry = side?.querySelector("[aria-current]");
  if (entry && entry.offsetTop + entry.offsetHeight > side.clientHeight) side.scrollTop = entry.offsetTop - side.clientHeight / 2;

  const first = document.querySelector("[aria-invalid=true]") || document.querySelector("[data-focus]");
  first?.focus();
  window.house = Object.freeze({ ask });
})();
