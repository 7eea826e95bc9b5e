/* The form of a utility template: a field for the sample of each parameter that its title and text have, while they are
   written; and of a button only what its kind takes. The server makes the same fields where scripts do not run. */
"use strict";

(() => {
  const samples = document.querySelector("[data-samples]");
  if (!samples) return;
  const form = samples.closest("form");
  const blank = form.querySelector("template[data-sample]");
  const PLACEHOLDER = /\{\{\s*(\w+)\s*\}\}/g;
  const kept = new Map();

  const names = (field) => [...field.value.matchAll(PLACEHOLDER)].map((match) => match[1]);

  // As the server names them: a number in the title is not that of the text.
  function keys() {
    const title = names(form.elements.header).map((name) => (/^\d+$/.test(name) ? `header_${name}` : name));
    return [...new Set([...title, ...names(form.elements.body)])];
  }

  function field(key) {
    const name = `sample-${key}`;
    const made = blank.content.firstElementChild.cloneNode(true);
    const input = made.querySelector("input");
    const label = made.querySelector("label");
    input.name = name;
    input.id = `id_${name}`;
    input.value = kept.get(name) || "";
    label.htmlFor = input.id;
    label.textContent = samples.dataset.label.replace("@@", key);
    return made;
  }

  function refresh() {
    samples.querySelectorAll("input").forEach((input) => kept.set(input.name, input.value));
    const wanted = keys();
    const there = [...samples.querySelectorAll("input")].map((input) => input.name);
    if (wanted.length === there.length && wanted.every((key, at) => there[at] === `sample-${key}`)) return;
    samples.replaceChildren(...wanted.map(field));
  }

  function fit(button) {
    const kind = button.querySelector("[data-target-kind]").value;
    const at = (part) => button.querySelector(`[name$="-${part}"]`).closest(".composer-field");
    const value = button.querySelector('[name$="-value"]');
    at("text").hidden = at("value").hidden = !kind;
    at("sample").hidden = kind !== "URL" || !value.value.includes("{{");
    value.placeholder = { URL: "https://shop.example/order/{{1}}", POSTBACK: "HELP", PHONE_NUMBER: "+33612345678" }[kind] || "";
  }

  const fitAll = () => form.querySelectorAll("[data-button]").forEach(fit);
  form.addEventListener("input", (event) => {
    if (event.target === form.elements.header || event.target === form.elements.body) refresh();
    fitAll();
  });
  refresh();
  fitAll();
})();
