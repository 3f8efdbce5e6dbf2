"use strict";
(function () {
  // What a cell sorts by: its data-v, the number or date it shows, else its text. What is not known comes last.
  function key(row, column) {
    var cell = row.cells[column];
    if ("v" in cell.dataset) return cell.dataset.v === "" ? null : Number(cell.dataset.v);
    var text = cell.textContent.trim();
    if (text === "–") return null;
    if (/^\d{4}-\d\d-\d\d$/.test(text)) return Number(text.replace(/-/g, ""));
    if (text.charAt(0) === "<") return 0.01;
    if (/^[\d,.]+( %)?$/.test(text)) return parseFloat(text.replace(/,/g, ""));
    return text.toLowerCase();
  }

  // Every head of a table that can be sorted becomes a button.
  function sortable(table) {
    var body = table.tBodies[0];
    var rows = Array.prototype.slice.call(body.rows);
    var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);

    function sort(column, down) {
      var sign = down ? -1 : 1;
      rows.map(function (row, i) { return { row: row, i: i, key: key(row, column) }; })
        .sort(function (a, b) {
          if (a.key === null || b.key === null) return (a.key === null) - (b.key === null) || a.i - b.i;
          return a.key < b.key ? -sign : a.key > b.key ? sign : a.i - b.i;
        })
        .forEach(function (item) { body.appendChild(item.row); });
      heads.forEach(function (head, i) {
        if (i === column) head.setAttribute("aria-sort", down ? "descending" : "ascending");
        else head.removeAttribute("aria-sort");
      });
    }

    heads.forEach(function (head, column) {
      if (head.classList.contains("x")) return;
      // A span, since browsers leave buttons out of the head that they repeat on every printed page.
      var button = document.createElement("span");
      button.setAttribute("role", "button");
      button.tabIndex = 0;
      while (head.firstChild) button.appendChild(head.firstChild);
      head.appendChild(button);
      button.addEventListener("keydown", function (event) {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        button.click();
      });
      button.addEventListener("click", function () {
        var now = head.getAttribute("aria-sort");
        var first = head.classList.contains("n") && column > 0;
        sort(column, now ? now === "ascending" : first);
      });
    });
  }
  Array.prototype.forEach.call(document.querySelectorAll("table[data-sort]"), sortable);

  var table = document.getElementById("upstreams");
  if (!table) return;
  var rows = Array.prototype.slice.call(table.tBodies[0].rows);
  var tools = document.querySelector(".tools");
  var find = document.getElementById("find");
  var shown = document.querySelector(".shown");
  var buttons = Array.prototype.slice.call(document.querySelectorAll("[data-tone]"));

  // The whole name of an upstream, with the host that the cell leaves out.
  function address(row) {
    var link = row.cells[1].querySelector("a");
    return (row.cells[1].textContent + " " + (link ? link.href : "")).toLowerCase();
  }

  function filter() {
    var text = find.value.trim().toLowerCase();
    var tones = buttons.filter(function (b) { return b.getAttribute("aria-pressed") === "true"; })
      .map(function (b) { return b.dataset.tone; });
    var n = 0;
    rows.forEach(function (row) {
      var show = (!tones.length || tones.indexOf(row.dataset.t) >= 0) &&
        (!text || address(row).indexOf(text) >= 0);
      row.hidden = !show;
      if (show) n++;
    });
    shown.textContent = shown.dataset.text.replace("{shown}", n).replace("{all}", rows.length);
  }

  buttons.forEach(function (b) {
    b.addEventListener("click", function () {
      b.setAttribute("aria-pressed", b.getAttribute("aria-pressed") === "true" ? "false" : "true");
      filter();
    });
  });
  find.addEventListener("input", filter);

  // A link to a row that the filter hides shows all rows first.
  window.addEventListener("hashchange", function () {
    var row = document.getElementById(location.hash.slice(1));
    if (!row || !row.hidden) return;
    find.value = "";
    buttons.forEach(function (b) { b.setAttribute("aria-pressed", "false"); });
    filter();
    row.scrollIntoView({ block: "center" });
  });

  tools.hidden = false;
  filter();
})();
