/* Of the templates that may go out once the window is closed, only the chosen one shows its parameters, and sends them. */
"use strict";

(() => {
  const card = document.querySelector("[data-instead-card]");
  if (!card) return;
  const select = card.querySelector("[data-instead]");
  const groups = card.querySelectorAll("[data-instead-of]");

  function fit() {
    groups.forEach((group) => {
      const isChosen = group.dataset.insteadOf === select.value;
      group.hidden = !isChosen;
      group.disabled = !isChosen;
    });
  }

  select.addEventListener("input", fit);
  fit();
})();
