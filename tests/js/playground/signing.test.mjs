// JWTs that the page signs, and the command beside them: jose, curl and the emulator judge.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createPublicKey } from "node:crypto";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { decodeProtectedHeader, jwtVerify } from "jose";
import { fill, paste, press, text, waitFor } from "./acts.mjs";
import { BROWSERS, launch } from "./browsers.mjs";
import { keyFile } from "./given.mjs";

const { Emulator } = await import(pathToFileURL(path.join(process.env.YC_IAM_ROOT, "js/dist/testing.mjs")));

const NOW = 1767225660;
const AUDIENCE = "https://iam.api.cloud.yandex.net/iam/v1/tokens";

/** Shows what was signed, and gives both texts. */
async function signed(page) {
  await page.click("#signing-form [type=submit]");
  await waitFor(page, "#signing-output pre");
  const hidden = await page.$$eval("#signing-output pre", (all) => all.map((one) => one.textContent));
  assert.ok(hidden.every((one) => one.includes("redacted") && !one.includes("eyJ")), "the JWT is to be seen");
  await press(page, "Show the JWT");
  await press(page, "Show the command");
  return page.$$eval("#signing-output pre", (all) => all.map((one) => one.textContent));
}

async function withKey(browser, options, key = keyFile()) {
  const page = await browser.open(options);
  await paste(page, key);
  await waitFor(page, "#signing-form");
  return page;
}

for (const name of BROWSERS) {
  describe(`signing in ${name}`, () => {
    let browser;
    before(async () => (browser = await launch(name)));
    after(() => browser?.close());

    test("jose verifies what the page signs", async () => {
      const page = await withKey(browser, { now: NOW });
      await fill(page, "#signing-lifetime", "600");
      const [jwt, command] = await signed(page);
      const { id, service_account_id: issuer, public_key: publicKey } = JSON.parse(keyFile());
      const options = { algorithms: ["PS256"], issuer, audience: AUDIENCE, currentDate: new Date(NOW * 1000) };
      const { payload } = await jwtVerify(jwt, createPublicKey(publicKey), options);
      assert.deepEqual([payload.iat, payload.exp], [NOW, NOW + 600]);
      assert.equal(decodeProtectedHeader(jwt).kid, id);
      assert.match(await text(page, "#signing-output .verdict"), /verified/);
      assert.ok(command.startsWith("curl ") && command.includes(jwt) && command.includes(AUDIENCE));
      await press(page, "Explain this JWT");
      await waitFor(page, "#result [role=progressbar]");
      assert.match(await text(page, "#result .verdict"), /^Nothing is known/);
      await page.close();
    });

    test("what the core refuses stands at the form", async () => {
      const page = await withKey(browser, { now: NOW });
      await fill(page, "#signing-lifetime", "3601");
      await page.click("#signing-form [type=submit]");
      await waitFor(page, "#signing-problem");
      assert.match(await text(page, "#signing-problem"), /3601.*1 to 3600/);
      assert.equal(await text(page, "#signing-output"), "");
      await page.close();
    });

    test("the place of the services is the audience, and a bad one is refused", async () => {
      const page = await withKey(browser, { now: NOW });
      await page.select("#place", "kazakhstan");
      assert.match(await page.$eval("#signing-audience", (field) => field.value), /\.kz\//);
      await page.select("#place", "custom");
      await page.type("#place-url", "http://example.org");
      await page.keyboard.press("Tab");
      await waitFor(page, "#place-problem");
      assert.match(await text(page, "#place-problem"), /https/);
      await page.close();
    });

    test("the command gets a token from the emulator", async () => {
      const emulator = await Emulator.start();
      try {
        const page = await withKey(browser, {}, String(emulator.serviceAccountKey()));
        await page.select("#place", "custom");
        await page.type("#place-url", emulator.url);
        await page.keyboard.press("Tab");
        await page.waitForFunction(() => document.querySelector("#signing-audience").value.startsWith("http://"));
        const [, command] = await signed(page);
        const { stdout } = await promisify(execFile)("sh", ["-c", command]);
        assert.match(JSON.parse(stdout).iamToken, /^t1\./);
        await page.close();
      } finally {
        await emulator.stop();
      }
    });
  });
}
