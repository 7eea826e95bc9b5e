/* Inserting a placeholder, `{{ first_name|dear customer }}`, where the cursor stands in a field. */
"use strict";

(() => {
  const composer = document.querySelector("[data-composer]");
  const panel = composer && composer.querySelector("[data-insert-panel]");
  if (!panel || !panel.showPopover) return;

  const NAME = /^[a-z][a-z0-9_]{0,39}$/;
  const GAP = 6; // pixels between the button and the panel
  const words = panel.querySelector("[data-insert-default]");
  const other = panel.querySelector("[data-insert-other]");
  const wrong = panel.querySelector("[data-insert-wrong]");
  let field = null;
  let button = null;

  function place() {
    const { left, bottom, top } = button.getBoundingClientRect();
    const { width, height } = panel.getBoundingClientRect();
    const below = bottom + GAP + height <= window.innerHeight;
    panel.style.left = `${Math.max(8, Math.min(left, window.innerWidth - width - 8))}px`;
    panel.style.top = `${Math.max(8, below ? bottom + GAP : top - GAP - height)}px`;
  }

  function open(pressed) {
    button = pressed;
    field = document.getElementById(button.dataset.insert);
    if (!field) return;
    other.value = "";
    wrong.hidden = true;
    panel.showPopover();
    place();
    (panel.querySelector("[data-insert-name]") || other).focus();
  }

  function insert(name) {
    // Braces and bars would end the placeholder.
    const instead = words.value.replace(/[{}|]/g, "").trim();
    const text = instead ? `{{ ${name}|${instead} }}` : `{{ ${name} }}`;
    panel.hidePopover();
    field.focus();
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function insertTyped() {
    wrong.hidden = NAME.test(other.value.trim());
    if (wrong.hidden) insert(other.value.trim());
    else other.focus();
  }

  composer.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-insert]");
    if (pressed) open(pressed);
    const name = event.target.closest("[data-insert-name]");
    if (name) insert(name.dataset.insertName);
    if (event.target.closest("[data-insert-typed]")) insertTyped();
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input")) return;
    event.preventDefault();
    if (event.target === other) insertTyped();
  });
  // Closed without a choice, the keyboard goes on where it was.
  panel.addEventListener("toggle", (event) => {
    if (event.newState === "closed" && panel.contains(document.activeElement)) button.focus();
  });
})();
