/* The composer's counters, the phone's theme, and the first error. rows.js, preview.js and send-test.js do the rest.
   They speak through the form alone: whatever changes it fires "input" on it. */
"use strict";

(() => {
  const composer = document.querySelector("[data-composer]");
  if (!composer) return;
  composer.classList.add("composer-live");

  // Facebook counts characters, not UTF-16 units; the server counts the same way.
  // Of a placeholder what it would show counts: its default, or one character for a value that nobody knows.
  const PLACEHOLDER = /(?<!\{)\{\{\s*[a-z][a-z0-9_]{0,39}\s*(?:\|([^{}]*))?\}\}/g;
  const shown = (text) => text.replace(PLACEHOLDER, (_all, words) => (words === undefined ? "x" : words.trim()));
  const length = (text) => [...shown(text)].length;

  function count(counter) {
    const field = document.getElementById(counter.dataset.counter);
    if (!field) return;
    const used = length(field.value);
    counter.querySelector("[data-count]").textContent = used;
    counter.classList.toggle("composer-over", used > Number(counter.dataset.limit));
    counter.classList.toggle("composer-long", used > Number(counter.dataset.soft || Infinity));
  }

  const countAll = () => composer.querySelectorAll("[data-counter]").forEach(count);

  // What a button needs depends on its kind.
  const targets = { web_url: "https://", postback: "BUY_AB123", phone_number: "+33612345678" };
  const fitTarget = (select) => {
    const target = select.closest("[data-button]").querySelector("input[name$='-target']");
    if (select.value) target.placeholder = targets[select.value] || "";
  };
  const fitTargets = () => composer.querySelectorAll("[data-button-kind]").forEach(fitTarget);

  composer.addEventListener("input", () => {
    countAll();
    fitTargets();
  });
  countAll();
  fitTargets();

  // The customer's phone may be dark while this person's screen is light.
  const phone = composer.querySelector("[data-phone]");
  const choices = composer.querySelectorAll("[data-theme-choice]");
  const pageTheme = () => (document.documentElement.classList.contains("dark") ? "dark" : "light");
  const showTheme = () => {
    const shown = phone.dataset.theme || pageTheme();
    choices.forEach((choice) => choice.setAttribute("aria-pressed", String(choice.dataset.themeChoice === shown)));
  };
  choices.forEach((choice) =>
    choice.addEventListener("click", () => {
      phone.dataset.theme = choice.dataset.themeChoice;
      showTheme();
    }),
  );
  new MutationObserver(showTheme).observe(document.documentElement, { attributes: true, attributeFilter: ["class"] });
  showTheme();

  // A link of a summary goes to its field, and the cursor with it.
  composer.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const target = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!target) return;
    event.preventDefault();
    const field = target.matches("input, select, textarea") ? target : target.querySelector("input:not([type=hidden])");
    (field || target).scrollIntoView({ block: "center" });
    if (field) field.focus({ preventScroll: true });
  });

  const wrong = composer.querySelector(".composer-form [aria-invalid=true], .composer-form .errors :is(input, select, textarea)");
  const name = composer.querySelector("[name=name]");
  if (wrong) {
    wrong.focus({ preventScroll: true });
    wrong.scrollIntoView({ block: "center" });
  } else if (!name.value) name.focus();
})();
