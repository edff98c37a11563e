// [data-progress="address"] asks there every second how far the work is, and loads the page anew when its state changes.
(() => {
  "use strict";
  const card = document.querySelector("[data-progress]");
  if (!card) return;
  const bar = card.querySelector("progress");
  const look = async () => {
    try {
      const answer = await fetch(card.dataset.progress, { headers: { Accept: "application/json" } });
      if (answer.redirected || !answer.ok) return location.reload();
      const { state, done, total } = await answer.json();
      if (state !== card.dataset.state) return location.reload();
      bar.max = total;
      bar.value = done;
      card.querySelector("[data-done]").textContent = done;
      card.querySelector("[data-total]").textContent = total;
      card.querySelector("[data-percent]").textContent = Math.floor((100 * done) / total);
    } catch {
      // The server may be busy or restarting: ask again.
    }
    setTimeout(look, 1000);
  };
  setTimeout(look, 1000);
})();
