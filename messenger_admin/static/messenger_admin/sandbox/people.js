// The page and the ref that were chosen make the address of an m.me link.
(() => {
  "use strict";
  const form = document.querySelector("[data-open]");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const ref = form.querySelector("[data-ref]").value;
    const query = ref ? `?${new URLSearchParams({ ref })}` : "";
    location.assign(form.querySelector("[data-page]").value + query);
  });
})();
