/* A button that copies the text of the element it names. Without a clipboard (plain HTTP) it stays hidden. */
(() => {
  "use strict";

  function copying(button) {
    if (!navigator.clipboard) return;
    const words = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      button.textContent = button.dataset.copied;
      window.setTimeout(() => { button.textContent = words; }, 2000);
    });
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-copy]").forEach(copying));
})();
