/* The preview beside the form, refreshed while somebody writes; the last one stays if the server can't be asked. */
"use strict";

(() => {
  const composer = document.querySelector("[data-composer]");
  if (!composer) return;

  const PAUSE = 250; // milliseconds without a key, before the server is asked
  const form = composer.querySelector("#notification_form");
  const preview = composer.querySelector("[data-preview]");
  const remarks = composer.querySelector("[data-remarks]");
  const status = composer.querySelector("[data-preview-status]");
  const as = composer.querySelector("[data-preview-as]");
  const again = composer.querySelector("[data-preview-again]");
  let timer = 0;
  let asked = new AbortController();

  // The fields of a view-only page are disabled: there is nothing to refresh.
  if (form.querySelector(".composer-fields").disabled) return;

  function show(html) {
    const answer = document.createElement("template");
    answer.innerHTML = html;
    const carousel = preview.querySelector(".msgr-carousel");
    const left = carousel ? carousel.scrollLeft : 0;
    preview.replaceChildren(...answer.content.querySelector("[data-for=preview]").childNodes);
    remarks.replaceChildren(...answer.content.querySelector("[data-for=remarks]").childNodes);
    const refreshed = preview.querySelector(".msgr-carousel");
    if (refreshed) refreshed.scrollLeft = left;
  }

  async function refresh() {
    asked.abort();
    asked = new AbortController();
    const { signal } = asked;
    // Said only when it takes long enough to be noticed.
    const slow = setTimeout(() => (status.textContent = status.dataset.saysLoading), 600);
    try {
      const data = new FormData(form);
      if (as) data.append("as-customer", as.value);
      const answer = await fetch(composer.dataset.previewUrl, { method: "POST", body: data, signal });
      if (answer.redirected) throw new Error("out");
      if (!answer.ok) throw new Error("failed");
      show(await answer.text());
      status.textContent = "";
      again.hidden = true;
    } catch (error) {
      if (signal.aborted) return;
      status.textContent = error.message === "out" ? status.dataset.saysOut : status.dataset.saysFailed;
      again.hidden = false;
    } finally {
      clearTimeout(slow);
    }
  }

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, PAUSE);
  };
  form.addEventListener("input", soon);
  if (as) as.addEventListener("input", soon);
  again.addEventListener("click", refresh);

  // The card that is being written comes into sight.
  form.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-rows=elements] [data-row]");
    const carousel = preview.querySelector(".msgr-carousel");
    if (!row || !carousel) return;
    const cards = [...row.parentElement.children].filter((other) => !other.matches(".composer-removed"));
    const card = carousel.children[cards.indexOf(row)];
    if (card) carousel.scrollTo({ left: card.offsetLeft - carousel.offsetLeft - 12, behavior: "smooth" });
  });
})();
