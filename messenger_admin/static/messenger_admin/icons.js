// Icons are words drawn as pictures: without this a screen reader reads "how_to_reg Opt-ins" out loud.
// Where the picture is all there is, the title that a mouse would show becomes the name.
"use strict";

function silence(root) {
  for (const icon of root.querySelectorAll(".material-symbols-outlined:not([aria-hidden])")) {
    icon.setAttribute("aria-hidden", "true");
    const control = icon.closest("a[title], button[title]");
    if (control && control.textContent.trim() === icon.textContent.trim() && !control.hasAttribute("aria-label")) {
      control.setAttribute("aria-label", control.title);
    }
  }
}

document.addEventListener("DOMContentLoaded", () => silence(document));
document.addEventListener("htmx:afterSettle", (event) => silence(event.target));
