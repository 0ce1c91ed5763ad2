// Nothing leaves the page: the server's log, and what its policy does to those who try.
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { paste, press, text, waitFor } from "./acts.mjs";
import { BROWSERS, launch } from "./browsers.mjs";
import { explanation, keyFile } from "./given.mjs";

for (const name of BROWSERS) {
  describe(`closed in ${name}`, () => {
    let browser;
    before(async () => (browser = await launch(name)));
    after(() => browser?.close());

    test("the page asks for its three files and for nothing else, whatever is done on it", async () => {
      const page = await browser.open({ now: 1767225660 });
      const requested = [];
      // Firefox draws the mark of `details` with a font of its own, at a `data:` URL.
      page.on("request", (request) => request.url().startsWith("data:") || requested.push(request.url()));
      await paste(page, explanation("pod_token").text);
      await page.click("#comparison-form [type=submit]");
      await paste(page, keyFile());
      await waitFor(page, "#signing-form");
      await page.click("#signing-form [type=submit]");
      await waitFor(page, "#signing-output pre");
      await press(page, "Forget everything");
      const files = ["", "page-style.css", "page.js"].map((file) => `GET /some/where/${file}`);
      assert.deepEqual([...browser.site.asked].sort(), files);
      assert.deepEqual(requested, []);
      await page.close();
    });

    test("its policy stops those who try", async () => {
      const page = await browser.open();
      const before = browser.site.asked.length;
      const tried = await page.evaluate(async () => {
        const stopped = [];
        document.addEventListener("securitypolicyviolation", (event) => stopped.push(event.effectiveDirective));
        const ways = {
          fetch: () => fetch("leak").then(() => "through", () => "stopped"),
          request: () =>
            new Promise((resolve) => {
              const request = new XMLHttpRequest();
              request.onload = () => resolve("through");
              request.onerror = () => resolve("stopped");
              try {
                request.open("GET", "leak");
                request.send();
              } catch {
                resolve("stopped");
              }
            }),
          image: () =>
            new Promise((resolve) => {
              const image = new Image();
              image.onload = () => resolve("through");
              image.onerror = () => resolve("stopped");
              image.src = "https://example.org/leak.png";
            }),
          socket: () =>
            new Promise((resolve) => {
              try {
                const socket = new WebSocket(location.href.replace("http", "ws"));
                socket.onopen = () => resolve("through");
                socket.onerror = () => resolve("stopped");
              } catch {
                resolve("stopped");
              }
            }),
          script: () =>
            new Promise((resolve) => {
              const script = document.createElement("style");
              script.textContent = "body { --leak: 1 }";
              document.head.append(script);
              resolve(getComputedStyle(document.body).getPropertyValue("--leak") === "" ? "stopped" : "through");
            }),
        };
        const results = {};
        for (const [way, work] of Object.entries(ways)) results[way] = await work();
        return { results, stopped };
      });
      for (const [way, result] of Object.entries(tried.results)) assert.equal(result, "stopped", way);
      assert.ok(tried.stopped.includes("connect-src") && tried.stopped.includes("img-src"), String(tried.stopped));
      assert.equal(browser.site.asked.length, before);
      await page.close();
    });

    test("it works from a file", async () => {
      const url = pathToFileURL(path.join(process.env.PLAYGROUND, "index.html")).href;
      const page = await browser.open({ now: 1767225660, url });
      await paste(page, keyFile());
      await waitFor(page, "#signing-form");
      await page.click("#signing-form [type=submit]");
      await waitFor(page, "#signing-output .verdict");
      assert.match(await text(page, "#signing-output .verdict"), /verified/);
      await page.close();
    });
  });
}
