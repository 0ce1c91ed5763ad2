// For everybody: the keyboard alone, axe's rules in light and dark, a screen of 320 pixels.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { paste, press, text, waitFor } from "./acts.mjs";
import { BROWSERS, launch } from "./browsers.mjs";
import { explanation, keyFile } from "./given.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

async function violations(page) {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
  });
}

/** Everything that the page can show at once. */
async function showAll(page) {
  await paste(page, keyFile());
  await waitFor(page, "#signing-form");
  await page.click("#signing-form [type=submit]");
  await waitFor(page, "#signing-output pre");
  await press(page, "Show the JWT");
  const { text: token } = explanation("pod_token");
  await paste(page, token);
  await page.$eval("#result details", (details) => (details.open = true));
  await press(page, "Show the token");
  await page.type("#comparison-issuer", "https://storage.yandexcloud.net/mk8s-oidc/v1/clusters/another");
  await page.type("#comparison-subject", "system:serviceaccount:default:default");
  await page.click("#comparison-form [type=submit]");
  await waitFor(page, "#comparison-output .findings");
  await page.select("#place", "custom");
  await page.type("#place-url", "nowhere");
  await page.keyboard.press("Tab");
  await waitFor(page, "#place-problem");
}

const BROKEN = "eyJhbGciOiJub25lIn0.eyJpc3MiOjF9.";

for (const name of BROWSERS) {
  for (const scheme of ["light", "dark"]) {
    test(`axe finds nothing in ${name}, ${scheme}`, async () => {
      const browser = await launch(name, { scheme });
      try {
        const page = await browser.open({ now: 1767225660 });
        assert.ok(await page.evaluate((scheme) => matchMedia(`(prefers-color-scheme: ${scheme})`).matches, scheme));
        assert.deepEqual(await violations(page), []);
        await paste(page, BROKEN);
        assert.deepEqual(await violations(page), []);
        await showAll(page);
        assert.deepEqual(await violations(page), []);
        await page.setViewport({ width: 320, height: 800 });
        assert.deepEqual(await violations(page), []);
      } finally {
        await browser.close();
      }
    });
  }

  test(`the bar jumps in ${name} for who wants less motion`, async () => {
    for (const [motion, wanted] of [["no-preference", "1s"], ["reduce", "0s"]]) {
      const browser = await launch(name, { motion });
      try {
        const page = await browser.open({ now: 1767225660 });
        await paste(page, explanation("pod_token").text);
        assert.equal(await page.$eval("#result .fill", (fill) => getComputedStyle(fill).transitionDuration), wanted);
      } finally {
        await browser.close();
      }
    }
  });

  describe(`access in ${name}`, () => {
    let browser;
    before(async () => (browser = await launch(name)));
    after(() => browser?.close());

    test("a screen of 320 pixels is wide enough", async () => {
      const page = await browser.open({ now: 1767225660, width: 320 });
      const excess = () =>
        page.evaluate(() => {
          const { scrollWidth, clientWidth } = document.documentElement;
          const wide = [...document.querySelectorAll(".scrollable")].filter((one) => one.scrollWidth > one.clientWidth);
          return scrollWidth - clientWidth + wide.length;
        });
      assert.equal(await page.evaluate(() => window.innerWidth), 320);
      assert.equal(await excess(), 0);
      await showAll(page);
      assert.equal(await excess(), 0);
      await page.close();
    });

    test("the keyboard alone does it all, and the eye can follow", async () => {
      const page = await browser.open({ now: 1767225660 });
      const focused = () =>
        page.evaluate(() => {
          const element = document.activeElement;
          const { outlineStyle, outlineWidth } = getComputedStyle(element);
          return { name: element.id || element.textContent.trim(), isSeen: outlineStyle !== "none" && outlineWidth !== "0px" };
        });
      const seen = [];
      const tabTo = async (name) => {
        for (let steps = 0; steps < 30; steps++) {
          await page.keyboard.press("Tab");
          const now = await focused();
          seen.push(now.name);
          assert.ok(now.isSeen, `nobody sees that ${now.name} has the focus`);
          if (now.name === name) return;
        }
        assert.fail(`${name} is not reached, but ${seen.join(", ")}`);
      };
      await tabTo("given-text");
      await page.keyboard.type(explanation("pod_token").text);
      await tabTo("Explain");
      await page.keyboard.press("Enter");
      await waitFor(page, "#result");
      assert.match(await text(page, "#status"), /^a Kubernetes service account's token/);
      assert.equal((await focused()).name, "Explain");
      await tabTo("given-choose");
      await tabTo("given-forget");
      await tabTo("place");
      await tabTo("Header and claims, decoded");
      await page.keyboard.press(" ");
      assert.equal(await page.$eval("#result details", (details) => details.open), true);
      await tabTo("Show the token");
      await page.keyboard.press(" ");
      assert.equal((await focused()).name, "Hide the token");
      await tabTo("Copy the token");
      await tabTo("comparison-issuer");
      await page.keyboard.type("https://other.example.org");
      await page.keyboard.press("Enter");
      await waitFor(page, "#comparison-output .findings");
      assert.match(await text(page, "#status"), /^They do not go together/);
      await page.close();
    });
  });
}
