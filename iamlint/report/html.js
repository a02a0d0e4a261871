"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const items = [...document.querySelectorAll("article")].map((element) => ({
    element,
    data: element.dataset,
    text: element.textContent.toLowerCase(),
  }));
  const selects = [...document.querySelectorAll("#controls select")];
  const severities = [...document.querySelectorAll("#toggles input[name=severity]")];
  const ignored = $("ignored");

  function fits({ data, text }, words, wanted) {
    if (data.ignored && !ignored.checked) return false;
    if (!wanted.has(data.severity)) return false;
    if (!words.every((word) => text.includes(word))) return false;
    return selects.every(
      (select) => !select.value || data[select.name].split("\n").includes(select.value),
    );
  }

  function filter() {
    const words = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = new Set(severities.filter((box) => box.checked).map((box) => box.value));
    let shown = 0;
    for (const item of items) {
      const visible = fits(item, words, wanted);
      item.element.hidden = !visible;
      shown += visible;
    }
    $("shown").textContent = `${shown} of ${items.length} shown`;
  }

  function openRule() {
    const target = location.hash && $(decodeURIComponent(location.hash.slice(1)));
    if (target && target.tagName === "DETAILS") {
      target.open = true;
      target.scrollIntoView();
    }
  }

  $("controls").hidden = items.length === 0;
  for (const change of ["input", "change"]) $("controls").addEventListener(change, filter);
  addEventListener("hashchange", openRule);
  // Following the same link again changes no hash.
  addEventListener("click", (event) => {
    if (event.target.matches('a[href^="#rule-"]')) setTimeout(openRule);
  });
  filter();
  openRule();
})();
