// Chromium and Firefox, and the page in them with a clock that the tests set.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import puppeteer from "puppeteer-core";
import { serve } from "./site.mjs";

/** In milliseconds: a machine may be busy. */
const PATIENCE = 120_000;

const PREFERENCES = {
  "browser.shell.checkDefaultBrowser": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "app.update.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "services.settings.server": "http://127.0.0.1:9",
};

const CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"];

/** Where they are, `cargo xtask` says. */
const OPTIONS = {
  chromium: { browser: "chrome", executablePath: process.env.CHROMIUM, args: [...CHROMIUM, "--disable-dev-shm-usage"] },
  firefox: { browser: "firefox", executablePath: process.env.FIREFOX, extraPrefsFirefox: PREFERENCES },
};

export const BROWSERS = (process.env.BROWSERS ?? "chromium,firefox").split(",");

/** What a browser says that its user prefers: Firefox hears it when it starts, Chromium for each page. */
const asFirefoxPreferences = ({ scheme, motion }) => ({
  "layout.css.prefers-color-scheme.content-override": scheme === "dark" ? 0 : 1,
  "ui.prefersReducedMotion": motion === "reduce" ? 1 : 0,
});
const asMediaFeatures = ({ scheme, motion }) => [
  { name: "prefers-color-scheme", value: scheme },
  { name: "prefers-reduced-motion", value: motion },
];

/** A browser whose user has these wishes, and the page's site: `open` gives a page of its own each time. */
export async function launch(name, { scheme = "light", motion = "no-preference" } = {}) {
  const site = await serve(process.env.PLAYGROUND);
  const profile = await mkdtemp(path.join(tmpdir(), "yc-iam-playground-"));
  const options = OPTIONS[name];
  if (name === "firefox") Object.assign(options.extraPrefsFirefox, asFirefoxPreferences({ scheme, motion }));
  const browser = await puppeteer.launch({ ...options, headless: true, userDataDir: profile, timeout: PATIENCE, protocolTimeout: PATIENCE });
  return {
    site,
    /** `now`: seconds since the epoch, where the page's clock stands; otherwise it is the machine's. */
    async open({ now, width = 1100, url = site.url } = {}) {
      const page = await browser.newPage();
      page.setDefaultTimeout(PATIENCE);
      await page.setViewport({ width, height: 900 });
      if (name === "chromium") await page.emulateMediaFeatures(asMediaFeatures({ scheme, motion }));
      if (now !== undefined) await page.evaluateOnNewDocument(standStill, now * 1000);
      await page.goto(url, { waitUntil: "load" });
      // The core is compiled by then, and has said which audience there is.
      await page.waitForFunction(() => document.querySelector("#signing-audience").value !== "");
      return page;
    },
    async close() {
      await browser.close();
      site.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** The page's time and its timers, in the page: `advance(seconds)` moves both. */
function standStill(start) {
  let now = start;
  const works = [];
  Date.now = () => now;
  window.setInterval = (work) => works.push(work);
  window.advance = (seconds) => {
    now += seconds * 1000;
    for (const work of works) work();
  };
}
