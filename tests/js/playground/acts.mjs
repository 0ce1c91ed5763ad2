// What somebody does on the page, and what is there to be read then.

/** Pastes as the browser would, without the machine's clipboard. */
export async function paste(page, text, into = "#given-text") {
  await page.evaluate(
    (text, into) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", text);
      // Firefox empties a `clipboardData` that a script made, and takes these two in its place.
      const data = { clipboardData, dataType: "text/plain", data: text };
      const event = new ClipboardEvent("paste", { ...data, bubbles: true, cancelable: true });
      document.querySelector(into).dispatchEvent(event);
    },
    text,
    into,
  );
}

export async function dropFile(page, content) {
  await page.evaluate((content) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([content], "dropped", { type: "application/json" }));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
  }, content);
}

export const text = (page, selector) => page.$eval(selector, (element) => element.textContent.trim());

/** Sets a field as if it had been typed over. */
export async function fill(page, selector, value) {
  await page.$eval(selector, (field) => (field.value = ""));
  await page.type(selector, value);
}

/** `[severity, code]` of each finding. */
export const findings = (page, below) =>
  page.$$eval(`${below} .findings li`, (items) => items.map((item) => [item.className, item.dataset.code]));

/** The first two cells of each row. */
export const rows = (page, below) =>
  page.$$eval(`${below} tbody tr`, (all) => all.map((row) => [...row.cells].slice(0, 2).map((cell) => cell.textContent)));

export const press = (page, label) =>
  page.evaluate((label) => {
    const found = [...document.querySelectorAll("button")].find((button) => button.textContent === label);
    found.click();
  }, label);

export const waitFor = (page, selector) => page.waitForSelector(selector, { visible: true });
