// A page that is shown once may be put on paper.
document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => print()));
