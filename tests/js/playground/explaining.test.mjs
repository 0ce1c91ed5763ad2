// What the page says of what is given: the vectors' expectations, and the bar on a clock that the test sets.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { dropFile, findings, paste, press, rows, text, waitFor } from "./acts.mjs";
import { BROWSERS, launch } from "./browsers.mjs";
import { explanation, explanations, keyFile } from "./given.mjs";

/** Pastes one after the other, in the page: hundreds of calls into a browser take their time. */
function pasteEach(texts) {
  const field = document.querySelector("#given-text");
  return texts.map((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    const data = { clipboardData, dataType: "text/plain", data: text };
    field.dispatchEvent(new ClipboardEvent("paste", { ...data, bubbles: true, cancelable: true }));
    const items = [...document.querySelectorAll("#result .findings li")];
    const rows = [...document.querySelectorAll("#result .scrollable:not(details *) tbody tr")];
    return {
      findings: items.map((item) => [item.className, item.dataset.code]),
      facts: rows.map((row) => row.cells[1].textContent),
      left: field.value,
    };
  });
}

for (const name of BROWSERS) {
  describe(`explaining in ${name}`, () => {
    let browser;
    before(async () => (browser = await launch(name)));
    after(() => browser?.close());

    test("whatever is pasted is what the vectors say it is", async () => {
      const page = await browser.open({ now: 1767225660 });
      const all = explanations();
      assert.ok(all.length > 50, `${all.length} are few`);
      const at = new Map();
      for (const one of all) at.set(one.now, [...(at.get(one.now) ?? []), one]);
      let now = 1767225660;
      for (const [time, cases] of at) {
        await page.evaluate((seconds) => window.advance(seconds), time - now);
        now = time;
        const shown = await page.evaluate(pasteEach, cases.map(({ text }) => text));
        cases.forEach((one, place) => {
          const { findings, facts, left } = shown[place];
          assert.deepEqual(findings, one.explanation.findings, one.name);
          assert.deepEqual(facts, one.explanation.facts.map(([, value]) => value), one.name);
          assert.equal(left, "", one.name);
        });
      }
      await page.close();
    });

    test("a JWT's header and claims, and the token itself, wait until they are asked for", async () => {
      const page = await browser.open({ now: 1767225660 });
      const { text: token } = explanation("pod_token");
      await paste(page, token);
      assert.equal(await page.$eval("#result details", (details) => details.open), false);
      assert.deepEqual(
        (await rows(page, "#result details")).filter(([name]) => ["alg", "exp", "sub"].includes(name)),
        [["alg", "RS256"], ["exp", "1767229200"], ["sub", "system:serviceaccount:default:default"]],
      );
      assert.match(await text(page, "#result details"), /2026-01-01T01:00:00Z, in 59 min/);
      const html = () => page.$eval("body", (body) => body.innerHTML);
      const signature = token.split(".")[2];
      assert.ok(!(await html()).includes(signature));
      await press(page, "Show the token");
      assert.ok((await html()).includes(signature));
      await press(page, "Forget everything");
      assert.ok(!(await html()).includes(signature));
      assert.equal(await page.$eval("#result", (result) => result.hidden), true);
      await page.close();
    });

    test("the bar gets shorter, and its end is announced", async () => {
      const page = await browser.open({ now: 1767225600 });
      await paste(page, explanation("own_jwt").text);
      const bar = () =>
        page.$eval("#result [role=progressbar]", (bar) => ({
          now: bar.getAttribute("aria-valuenow"),
          text: bar.getAttribute("aria-valuetext"),
          state: bar.dataset.state,
          left: bar.querySelector(".fill").style.getPropertyValue("--left"),
        }));
      assert.deepEqual(await bar(), { now: "100", text: "expires in 1 h", state: "good", left: "1" });
      await page.evaluate(() => window.advance(900));
      assert.deepEqual(await bar(), { now: "75", text: "expires in 45 min", state: "good", left: "0.75" });
      await page.evaluate(() => window.advance(2520));
      assert.deepEqual(await bar(), { now: "5", text: "expires in 3 min", state: "near", left: "0.05" });
      assert.match(await text(page, "#result .verdict"), /^Nothing is known/);
      await page.evaluate(() => window.advance(181));
      assert.deepEqual(await bar(), { now: "0", text: "expired 1 s ago", state: "over", left: "0" });
      assert.deepEqual(await findings(page, "#result"), [["error", "expired"]]);
      assert.match(await text(page, "#status"), /It cannot work as it is/);
      await page.close();
    });

    test("a dropped key file is taken, and no byte of its private key stays on the page", async () => {
      const page = await browser.open({ now: 1767225660 });
      const key = keyFile();
      await dropFile(page, key);
      await waitFor(page, "#signing-form");
      const html = await page.$eval("html", (html) => html.outerHTML);
      const secret = JSON.parse(key).private_key.split("\n")[3];
      assert.ok(secret.length > 40 && !html.includes(secret.slice(0, 16)));
      assert.match(await text(page, "#signing-key"), new RegExp(JSON.parse(key).id));
      const stored = await page.evaluate(() => localStorage.length + sessionStorage.length + document.cookie.length);
      assert.equal(stored, 0);
      await page.close();
    });

    test("a chosen file, and typed text, are taken too", async () => {
      const page = await browser.open({ now: 1767225660 });
      await page.type("#given-text", "t1.9euelVeryShortLifeOfAToken.abcdefgh");
      await page.click("#given-form [type=submit]");
      await waitFor(page, "#result");
      assert.match(await text(page, "#result-title"), /IAM token/);
      const input = await page.$("#given-file");
      await input.uploadFile(new URL(import.meta.url).pathname);
      await page.waitForFunction(() => /unknown/i.test(document.querySelector("#result-title").textContent));
      await page.close();
    });
  });
}
