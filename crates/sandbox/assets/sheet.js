// Keeps the grid in step with the sheet: asks twice a second and marks the rows that are new.
"use strict";
(() => {
  const grid = document.getElementById("grid");
  const live = document.getElementById("live");
  if (!grid || !live) return;
  const wrap = grid.parentElement;
  const body = grid.tBodies[0];
  const head = grid.tHead.rows[0];
  const spare = 24;
  const say = (text, off) => {
    live.classList.toggle("off", off);
    const place = live.querySelector("span");
    if (place.textContent !== text) place.textContent = text;
  };
  const letters = (column) => {
    let name = "";
    for (let n = column + 1; n > 0; n = Math.floor((n - 1) / 26)) name = String.fromCharCode(65 + ((n - 1) % 26)) + name;
    return name;
  };
  const widen = (columns) => {
    while (head.cells.length - 1 < columns) {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = letters(head.cells.length - 1);
      head.append(cell);
    }
    for (const row of body.rows) while (row.cells.length < head.cells.length) row.insertCell();
  };
  const lengthen = (rows) => {
    while (body.rows.length < rows) {
      const row = body.insertRow();
      const number = document.createElement("th");
      number.scope = "row";
      number.textContent = body.rows.length;
      row.append(number);
      while (row.cells.length < head.cells.length) row.insertCell();
    }
  };
  let known = null;
  let version = "";
  const show = (values) => {
    widen(values.reduce((most, row) => Math.max(most, row.length), 0));
    lengthen(values.length + spare);
    let last = null;
    for (let at = 0; at < body.rows.length; at++) {
      const row = body.rows[at];
      const wanted = values[at] || [];
      let changed = false;
      for (let column = 1; column < row.cells.length; column++) {
        const text = wanted[column - 1] ?? "";
        const cell = row.cells[column];
        if (cell.textContent === text) continue;
        cell.textContent = text;
        changed = true;
      }
      if (changed && known !== null) {
        row.classList.remove("fresh");
        void row.offsetWidth;
        row.classList.add("fresh");
        if (wanted.length) last = row;
      }
    }
    if (last) {
      const bottom = last.offsetTop + last.offsetHeight;
      if (bottom > wrap.scrollTop + wrap.clientHeight) wrap.scrollTop = bottom - wrap.clientHeight + 48;
    }
    known = values.length;
  };
  const look = async () => {
    try {
      const answer = await fetch(`/_sandbox/sheets/${encodeURIComponent(grid.dataset.id)}?view=shown&known=${encodeURIComponent(version)}`, { cache: "no-store" });
      if (!answer.ok) throw new Error(String(answer.status));
      if (answer.status !== 204) {
        const file = await answer.json();
        version = file.modified;
        const sheet = file.sheets.find((one) => String(one.id) === grid.dataset.gid);
        if (sheet) {
          show(sheet.values);
          say(`${sheet.values.length} ${sheet.values.length === 1 ? "row" : "rows"}`, false);
        }
      } else if (live.classList.contains("off")) {
        say(`${known} rows`, false);
      }
    } catch {
      say("The sandbox does not answer", true);
    }
    setTimeout(look, document.hidden ? 3000 : 500);
  };
  look();
})();
