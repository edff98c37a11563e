// The counter by keyboard, and what will be left while one types. Everything works without this file, by Tab and Enter.
//   Escape        to the search line            "/" too, where it can mean nothing else
//   "-", "+"      in an empty amount: to the consumption, back to the recharge
//   up, down      among the customers that were found; typing there begins a new search
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const finder = one("[data-finder]");
  const amount = (name) => document.getElementById(`${name}-amount`);
  const jumps = { "-": ["recharge", "consume"], "+": ["consume", "recharge"] };

  const go = (input) => { input.focus(); input.select?.(); };
  const isAmount = (element) => !!element?.id?.endsWith("-amount");
  const isTyping = (element) => /^(INPUT|TEXTAREA|SELECT)$/.test(element?.tagName ?? "");

  // Keys
  const search = (event) => {
    if (!finder || one("dialog[open], .dropdown-menu.show, .offcanvas.show")) return false;
    const here = document.activeElement;
    if (event.key === "/" && isTyping(here) && !isAmount(here)) return false;
    go(finder);
    return true;
  };
  const jump = (event) => {
    const [from, to] = jumps[event.key];
    const here = document.activeElement;
    if (!here || here !== amount(from) || here.value || !amount(to)) return false;
    go(amount(to));
    return true;
  };
  const step = (event) => {
    const hits = all("[data-hits] a");
    const at = hits.indexOf(document.activeElement);
    if (!hits.length || (at < 0 && document.activeElement !== finder)) return false;
    const to = at + (event.key === "ArrowDown" ? 1 : -1);
    if (to < 0) go(finder);
    else hits[Math.min(to, hits.length - 1)].focus();
    return true;
  };
  const keys = { Escape: search, "/": search, "-": jump, "+": jump, ArrowDown: step, ArrowUp: step };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (keys[event.key]?.(event)) event.preventDefault();
    else if (event.key.length === 1 && event.key !== " " && document.activeElement.closest?.("[data-hits]")) go(finder);
  });

  // Clicks
  const open = (target) => {
    const fold = target?.closest("details");
    if (fold) fold.open = true;
    if (isTyping(target)) go(target);
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-opens]");
    if (!link) return;
    event.preventDefault();
    const target = one(link.hash);
    open(target);
    target.closest("form").scrollIntoView({ block: "nearest" });
  });
  if (location.hash) open(document.getElementById(location.hash.slice(1)));
  // The browser's own autofocus comes a little later, and a key may come before it.
  if (document.activeElement === document.body) one("[autofocus]")?.focus();
  if (isAmount(document.activeElement) || document.activeElement === finder) document.activeElement.select();

  // What will be left. All in cents, which are whole numbers; the server has the last word.
  const desk = one("[data-desk]");
  if (!desk) return;
  const cents = (text) => {
    const tidy = text.normalize("NFKC").replace("。", ".").replace(/\s+|^(CNY|RMB|NT\$|HK\$|[¥$])|[元圆圓]$/gi, "");
    if (!/^-?(\d{1,3}(,\d{3})+|\d*)(\.\d{1,2}0*)?$/.test(tidy) || !/\d/.test(tidy)) return null;
    return Math.round(Number(tidy.replaceAll(",", "")) * 100);
  };
  const shown = (value) => {
    const [whole, part] = (Math.abs(value) / 100).toFixed(2).split(".");
    const text = desk.dataset.zero.replace("0.00", `${whole.replace(/\B(?=(\d{3})+$)/g, ",")}.${part}`);
    return value < 0 ? `-${text}` : text;
  };
  const has = Object.fromEntries(Object.entries(desk.dataset).map(([name, text]) => [name, cents(text) ?? 0]));
  const expected = {
    recharge: (paid) => ({ left: has.balance + paid, bonus: has.gift && paid >= has.giftFrom ? has.gift : 0, short: 0 }),
    consume: (due) => {
      const bonus = Math.min(Math.max(due - has.free, 0), has.bonusFree);
      return { left: has.balance - due + bonus, bonus, short: Math.max(due - has.available, 0) };
    },
  };
  for (const line of all("[data-after]")) {
    const input = amount(line.dataset.after);
    const tell = () => {
      const typed = input.value.trim() ? cents(input.value) : 0;
      const { left, bonus, short } = expected[line.dataset.after](typed ?? 0);
      line.classList.toggle("is-short", short > 0);
      one("[data-when=enough]", line).hidden = short > 0;
      one("[data-when=short]", line).hidden = short === 0;
      one("[data-when=bonus]", line).hidden = bonus === 0 || short > 0;
      one("[data-bonus]", line).textContent = shown(bonus);
      one("[data-figure]", line).textContent = typed === null || typed < 0 ? "—" : shown(short || left);
    };
    input.addEventListener("input", tell);
    line.hidden = false;
    tell();
  }
})();
