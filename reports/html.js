// html.js - the filter over the table of all cases; its words live in the address as #q=...
(function () {
  "use strict";
  var box = document.getElementById("q"), out = document.getElementById("shown");
  var rows = Array.prototype.slice.call(document.querySelectorAll("#all tr[data-w]"));
  var bodies = Array.prototype.slice.call(document.querySelectorAll("#all tbody"));
  var chips = Array.prototype.slice.call(document.querySelectorAll(".chips a"));
  document.getElementById("filter").hidden = false;
  function apply() {
    var words = box.value.toLowerCase().split(/\s+/).filter(Boolean), n = 0;
    rows.forEach(function (tr) {
      var has = tr.getAttribute("data-w");
      tr.hidden = !words.every(function (w) {
        return w.length > 1 && w[0] === "!" ? has.indexOf(w.slice(1)) < 0 : has.indexOf(w) >= 0;
      });
      if (!tr.hidden) n++;
    });
    out.textContent = n + " of " + rows.length;
    bodies.forEach(function (tb) { tb.hidden = !tb.querySelector("tr[data-w]:not([hidden])"); });
    chips.forEach(function (a) {
      if (a.getAttribute("data-q") === box.value) a.setAttribute("aria-current", "true");
      else a.removeAttribute("aria-current");
    });
  }
  function load() {
    var h = location.hash;
    if (h.slice(0, 3) === "#q=") {
      try { box.value = decodeURIComponent(h.slice(3)); } catch (e) { box.value = ""; }
      document.getElementById("cases").scrollIntoView();
    }
    apply();
  }
  function typed() {
    apply();
    history.replaceState(null, "", box.value ? "#q=" + encodeURIComponent(box.value) : "#cases");
  }
  box.addEventListener("input", typed);
  document.addEventListener("keydown", function (e) {
    if (e.key === "/" && document.activeElement !== box) { e.preventDefault(); box.focus(); }
    if (e.key === "Escape" && document.activeElement === box) { box.value = ""; typed(); }
  });
  Array.prototype.forEach.call(document.querySelectorAll("a[data-q]"), function (a) {
    a.setAttribute("href", "#q=" + encodeURIComponent(a.getAttribute("data-q")));
  });
  window.addEventListener("hashchange", load);
  load();
}());
