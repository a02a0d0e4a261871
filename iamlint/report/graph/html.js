"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const numbers = (text) => text.split(" ").filter(Boolean);
  const items = [...document.querySelectorAll("article")].map((element) => ({
    element,
    answer: element.dataset.answer,
    arrows: numbers(element.dataset.arrows),
    text: element.textContent.toLowerCase(),
  }));
  const answers = [...document.querySelectorAll("#toggles input")];
  const svg = document.querySelector("#picture svg");
  const labels = new Map();
  for (const label of document.querySelectorAll(".label")) labels.set(label.dataset.arrow, label);
  let picked = null;

  function draw(chosen) {
    if (!svg) return;
    for (const element of svg.querySelectorAll(".on")) element.classList.remove("on");
    svg.classList.toggle("picked", chosen !== null);
    for (const item of chosen || []) {
      for (const number of item.arrows) {
        const arrow = $(`e${number}`);
        arrow.classList.add("on");
        labels.get(number).classList.add("on");
        for (const end of numbers(arrow.dataset.ends)) $(`b${end}`).classList.add("on");
      }
    }
  }

  function pick(item) {
    if (picked) picked.element.classList.remove("on");
    picked = item;
    if (item) item.element.classList.add("on");
    if (svg) $("all").hidden = item === null;
    filter();
    const box = item && svg && svg.querySelector(".box.on");
    if (!box) return;
    const frame = $("picture").getBoundingClientRect();
    const place = box.getBoundingClientRect();
    $("picture").scrollBy({ left: place.left - frame.left - 20, top: place.top - frame.top - 60 });
  }

  function filter() {
    const words = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = new Set(answers.filter((box) => box.checked).map((box) => box.value));
    const shown = items.filter(
      (item) => wanted.has(item.answer) && words.every((word) => item.text.includes(word)),
    );
    const visible = new Set(shown);
    for (const item of items) item.element.hidden = !visible.has(item);
    $("shown").textContent = `${shown.length} of ${items.length} chains shown`;
    draw(picked ? [picked] : shown.length < items.length ? shown : null);
  }

  function open() {
    const target = location.hash && $(location.hash.slice(1));
    if (!target) return;
    if (target.tagName === "DETAILS") target.open = true;
    const item = items.find((each) => each.element === target);
    if (item) pick(item);
    if (!target.closest("svg")) target.scrollIntoView();
  }

  $("controls").hidden = items.length === 0;
  for (const change of ["input", "change"]) $("controls").addEventListener(change, filter);
  if (svg) $("all").addEventListener("click", () => pick(null));
  for (const item of items) {
    item.element.addEventListener("click", () => pick(item));
    item.element.addEventListener("focusin", () => picked !== item && pick(item));
  }
  addEventListener("keydown", (event) => event.key === "Escape" && pick(null));
  addEventListener("hashchange", open);
  // Following the same link again changes no hash.
  addEventListener("click", (event) => {
    if (event.target.closest('a[href^="#"]')) setTimeout(open);
  });
  if (svg) $("picture").scrollLeft = $("picture").scrollWidth; // the ends first
  filter();
  open();
})();
