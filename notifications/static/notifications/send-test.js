/* "Send a test": sends what stands in the form now, and follows the delivery until it comes to its end. */
"use strict";

(() => {
  const composer = document.querySelector("[data-composer]");
  const panel = composer && composer.querySelector("[data-test-panel]");
  if (!panel) return;

  const SOON = 1000; // milliseconds between the first two looks at the delivery; the later ones are rarer
  const LATE = 10_000;
  const PAUSE = 200; // milliseconds without a key, before customer_ids are looked up
  let timer = 0;

  async function send(testForm) {
    const data = new FormData(composer.querySelector("#notification_form"));
    for (const [name, value] of new FormData(testForm)) data.append(name, value);
    busy(testForm, true);
    let answer;
    try {
      answer = await fetch(composer.dataset.testUrl, { method: "POST", body: data });
      if (answer.redirected || ![200, 422].includes(answer.status)) throw new Error("failed");
      panel.innerHTML = await answer.text();
    } catch {
      busy(testForm, false);
      panel.querySelector("[data-test-failed]").hidden = false;
      return;
    }
    const wrong = panel.querySelector("[aria-invalid=true]");
    if (wrong) wrong.focus();
    else panel.querySelector("button[type=submit]").focus();
    follow();
  }

  function busy(testForm, is) {
    const button = testForm.querySelector("button[type=submit]");
    const words = button.querySelector("[data-words]");
    if (is) words.dataset.before = words.textContent;
    words.textContent = is ? button.dataset.saysBusy : words.dataset.before;
    button.disabled = is;
  }

  async function follow(wait = SOON) {
    const result = panel.querySelector("[data-delivery]");
    if (!result) return;
    try {
      const answer = await fetch(result.dataset.stateUrl, { headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) throw new Error("failed");
      const delivery = await answer.json();
      const state = result.querySelector(".composer-state");
      state.textContent = delivery.label;
      state.dataset.state = delivery.state;
      result.querySelector("[data-reason]").textContent = delivery.reason || "";
      if (delivery.final) return;
    } catch {
      result.querySelector("[data-reason]").textContent = result.dataset.saysLost;
    }
    setTimeout(() => result.isConnected && follow(Math.min(wait * 1.1, LATE)), wait);
  }

  async function suggest() {
    const page = panel.querySelector("[name=test-page]").value;
    const beginning = panel.querySelector("[name=test-customer_id]").value;
    const query = new URLSearchParams({ page, q: beginning });
    try {
      const answer = await fetch(`${composer.dataset.customersUrl}?${query}`);
      const { customers } = await answer.json();
      const options = customers.map((customer) => Object.assign(document.createElement("option"), { value: customer }));
      panel.querySelector("datalist").replaceChildren(...options);
    } catch {
      // Suggestions are a convenience: without them the whole id is typed.
    }
  }

  panel.addEventListener("submit", (event) => {
    event.preventDefault();
    send(event.target);
  });
  const soon = (event) => {
    if (!event.target.matches("[name=test-customer_id], [name=test-page]")) return;
    clearTimeout(timer);
    timer = setTimeout(suggest, PAUSE);
  };
  panel.addEventListener("input", soon);
  panel.addEventListener("focusin", soon);
})();
