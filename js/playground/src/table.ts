// A table of names, values and what they mean now, which changes in place: a selection in it stays.

import { element } from "./dom.js";

export interface Row {
  name: string;
  value: string;
  remark: string;
}

export interface Table {
  readonly element: HTMLTableElement;
  update(rows: readonly Row[]): void;
}

export function table(caption: string, heads: readonly [string, string, string]): Table {
  const body = element("tbody", { role: "rowgroup" });
  const head = element("tr", { role: "row" }, ...heads.map((text) => element("th", { scope: "col", role: "columnheader" }, text)));
  // The roles stay where a narrow screen makes blocks of rows and cells.
  const made = element("table", { role: "table" }, element("caption", {}, caption), element("thead", { role: "rowgroup" }, head), body);
  return {
    element: made,
    update(rows) {
      while (body.rows.length > rows.length) body.deleteRow(-1);
      rows.forEach((row, place) => write(body.rows[place] ?? append(body), row));
    },
  };
}

function append(body: HTMLTableSectionElement): HTMLTableRowElement {
  const row = element("tr", { role: "row" }, element("th", { scope: "row", role: "rowheader" }), cell(), cell());
  body.append(row);
  return row;
}

const cell = (): HTMLElement => element("td", { role: "cell" });

function write(row: HTMLTableRowElement, { name, value, remark }: Row): void {
  [name, value, remark].forEach((text, place) => {
    const cell = row.cells[place];
    if (cell !== undefined && cell.textContent !== text) cell.textContent = text;
  });
}
