// Draws the API's documentation. What is typed under "Authorize" stays in this tab, until it is reloaded.
(() => {
  "use strict";
  const place = document.getElementById("documentation");

  SwaggerUIBundle({
    url: place.dataset.definition,
    domNode: place,
    layout: "BaseLayout",
    deepLinking: true,
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    docExpansion: "list",
    persistAuthorization: false,
    presets: [SwaggerUIBundle.presets.apis],
    tryItOutEnabled: true,
    // Nobody else judges the definition.
    validatorUrl: null,
  });
})();
