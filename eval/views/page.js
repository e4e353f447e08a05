"use strict";
(() => {
  const root = document.documentElement;
  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const kind = document.getElementById("kind");
  const failedOnly = document.getElementById("failed-only");

  const show = (language) => {
    root.className = "show-" + language;
    root.lang = language === "zh" ? "zh-Hans" : "en";
    for (const button of all("[data-language]")) {
      button.setAttribute("aria-pressed", String(button.dataset.language === language));
    }
    for (const option of all("option[data-zh]")) option.textContent = option.dataset[language];
    document.title = root.dataset[language === "zh" ? "titleZh" : "titleEn"];
  };

  const filter = () => {
    let shown = 0;
    for (const item of all(".case")) {
      item.hidden =
        (kind.value !== "" && item.dataset.kind !== kind.value) || (failedOnly.checked && item.dataset.passed === "yes");
      shown += item.hidden ? 0 : 1;
    }
    document.getElementById("shown").textContent = String(shown);
  };

  for (const button of all("[data-language]")) {
    button.addEventListener("click", () => show(button.dataset.language));
  }
  kind.addEventListener("change", filter);
  failedOnly.addEventListener("change", filter);
  for (const item of all(".needs-script")) item.hidden = false;

  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = all(".case[data-passed=no]:not([open])");
    for (const item of opened) item.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const item of opened) item.open = false;
  });
  filter();
})();
