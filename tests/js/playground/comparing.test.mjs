// A Kubernetes token against a federation: the vectors' cases, by fields and by JSON.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { findings, paste, text, waitFor } from "./acts.mjs";
import { BROWSERS, launch } from "./browsers.mjs";
import { explanation } from "./given.mjs";

const CLUSTER = "https://storage.yandexcloud.net/mk8s-oidc/v1/clusters/catexample";

for (const name of BROWSERS) {
  describe(`comparing in ${name}`, () => {
    let browser;
    before(async () => (browser = await launch(name)));
    after(() => browser?.close());

    const compare = async (page) => {
      await page.click("#comparison-form [type=submit]");
      await waitFor(page, "#comparison-output > *");
    };

    test("fields that match, and fields that do not", async () => {
      const page = await browser.open({ now: 1767225660 });
      await compare(page);
      assert.match(await text(page, "#comparison-output"), /token above first/);
      await paste(page, explanation("pod_token").text);
      await page.type("#comparison-issuer", CLUSTER);
      await page.type("#comparison-audiences", `other\n${CLUSTER}`);
      await page.type("#comparison-subject", "system:serviceaccount:default:default");
      await compare(page);
      assert.deepEqual(await findings(page, "#comparison-output"), [
        ["note", "issuer_matches"],
        ["note", "audience_matches"],
        ["note", "subject_matches"],
      ]);
      assert.equal(await text(page, "#comparison-output .verdict"), "They go together");
      await page.type("#comparison-issuer", "/");
      await compare(page);
      assert.deepEqual((await findings(page, "#comparison-output"))[0], ["error", "issuer_trailing_slash"]);
      assert.equal(await text(page, "#comparison-output .verdict"), "They do not go together");
      await page.close();
    });

    test("a federation's JSON, pasted where everything is", async () => {
      const page = await browser.open({ now: 1767225660 });
      const { text: token, expected, explanation: wanted } = explanation("compared_with_a_disabled_federation");
      await paste(page, token);
      await paste(page, expected.federation.text);
      await compare(page);
      const codes = (await findings(page, "#comparison-output")).map(([, code]) => code);
      assert.ok(codes.includes("federation_disabled"));
      for (const code of codes) assert.ok(wanted.findings.some(([, known]) => known === code), code);
      await page.$eval("#comparison-federation", (field) => (field.value = "{"));
      await page.click("#comparison-form [type=submit]");
      await waitFor(page, "#comparison-problem");
      assert.match(await text(page, "#comparison-problem"), /not valid JSON/);
      await page.close();
    });
  });
}
