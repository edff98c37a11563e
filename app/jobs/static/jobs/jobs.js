// [data-live] looks again every two seconds while a job is under way, and loads the page anew when none is any more.
(() => {
  "use strict";
  const live = document.querySelector("[data-live]");
  if (!live) return;
  const look = async () => {
    try {
      const answer = await fetch(location.href);
      if (answer.redirected || !answer.ok) return location.reload();
      const seen = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-live]");
      if (!seen) return location.reload();
      // Whoever stands on a button or has it pressed keeps it.
      if (!live.contains(document.activeElement)) live.replaceChildren(...seen.childNodes);
    } catch {
      // The server may be busy or restarting: ask again.
    }
    setTimeout(look, 2000);
  };
  setTimeout(look, 1000);
})();
