// The search: looks through `rbpNames` and shows what fits, best first. Everything is shown as text.
(function () {
  "use strict";
  var field = document.getElementById("search");
  var list = document.getElementById("found");
  var most = 30;
  var chosen = -1;

  // How well an entry fits a word: the smaller the better, 0 where it does not.
  function fits(entry, word) {
    var name = entry.name.toLowerCase();
    if (name === word) return 1;
    if (name.startsWith(word)) return 2;
    if (name.split(/[-._]/).some(function (part) { return part.startsWith(word); })) return 3;
    if (name.includes(word)) return 4;
    if (entry.title.toLowerCase().includes(word)) return 5;
    if ((entry.says + " " + entry.word + " " + entry.module).toLowerCase().includes(word)) return 6;
    return 0;
  }

  function found(text) {
    var words = text.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return [];
    var fitting = [];
    rbpNames.forEach(function (entry, at) {
      var sum = 0;
      var all = words.every(function (word) {
        var fit = fits(entry, word);
        sum += fit;
        return fit > 0;
      });
      if (all) fitting.push({ entry: entry, fit: sum, at: at });
    });
    fitting.sort(function (a, b) { return a.fit - b.fit || a.at - b.at; });
    return fitting.slice(0, most).map(function (one) { return one.entry; });
  }

  function part(name, text) {
    var element = document.createElement(name);
    element.textContent = text;
    return element;
  }

  function show() {
    var entries = found(field.value);
    list.replaceChildren();
    chosen = -1;
    list.hidden = field.value.trim() === "";
    if (!list.hidden && entries.length === 0) list.append(part("li", "Nothing is called so."));
    entries.forEach(function (entry) {
      var link = document.createElement("a");
      link.href = entry.at;
      link.append(part("code", entry.name), " ", part("small", entry.word + (entry.module ? " in " + entry.module : "")));
      if (entry.says) link.append(part("span", entry.says));
      link.addEventListener("click", function () { list.hidden = true; });
      var row = document.createElement("li");
      row.append(link);
      list.append(row);
    });
  }

  function choose(step) {
    var links = list.querySelectorAll("a");
    if (links.length === 0) return;
    chosen = (chosen + step + links.length) % links.length;
    links[chosen].focus();
  }

  field.addEventListener("input", show);
  field.addEventListener("focus", show);
  document.addEventListener("keydown", function (event) {
    if (event.key === "/" && document.activeElement !== field) {
      event.preventDefault();
      field.focus();
    } else if (event.key === "Escape") {
      list.hidden = true;
    } else if (!list.hidden && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      choose(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && document.activeElement === field) {
      var first = list.querySelector("a");
      if (first) first.click();
    }
  });
  document.addEventListener("click", function (event) {
    if (!event.target.closest(".search")) list.hidden = true;
  });
})();
