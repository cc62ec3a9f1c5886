// Opens a faulty policy in Monaco in headless Chromium and looks at it as its author does: wavy lines, what the
// pointer shows, what is offered, the graph. `node run.mjs RBP POLICY PICTURES` keeps pictures in that folder.

import assert from "node:assert";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import puppeteer from "puppeteer-core";
import { serve } from "./bridge.mjs";

const [program, policy, pictures] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const monaco = join(here, "node_modules/monaco-editor");
const repository = process.env.RBP_REPOSITORY;

const site = await serve({ program, monaco, here, editors: join(repository, "editors"), policy });
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--force-device-scale-factor=1"],
});
try {
  const page = await browser.newPage();
  const failures = [];
  // Monaco's client reports also that an answer was given up since the text had changed, which is as it should be.
  const stale = /^the text was changed meanwhile/;
  page.on("pageerror", (error) => stale.test(error.message) || failures.push(error.message));
  await page.setViewport({ width: 1500, height: 900 });
  await page.goto(site.address);
  const keep = (name) => page.screenshot({ path: join(pictures, `${name}.png`) });
  const editor = (body, ...given) => page.evaluate(body, ...given);

  // Wavy lines: those of `rbp check`.
  await page.waitForSelector(".squiggly-error", { timeout: 60000 });
  const markers = () => editor(() => monaco.editor.getModelMarkers({}).map((m) => m.code?.value ?? m.code));
  const found = await markers();
  for (const rule of ["shared-dependency", "single-point-of-failure", "restoration-exceeds-rto", "unknown-name"]) {
    assert.ok(found.includes(rule), `no finding ${rule} in ${found}`);
  }
  console.log(`squiggles: ${found.length} findings`);

  // The pointer on a word: what it is for, and the finding.
  const wordAt = (text) =>
    editor((text) => {
      const match = window.editor.getModel().findNextMatch(text, { lineNumber: 30, column: 1 }, false, true, null, false);
      window.editor.revealLineInCenter(match.range.startLineNumber);
      const at = { lineNumber: match.range.startLineNumber, column: match.range.startColumn + 2 };
      const { left, top, height } = window.editor.getScrolledVisiblePosition(at);
      const box = window.editor.getDomNode().getBoundingClientRect();
      return { x: box.left + left, y: box.top + top + height / 2 };
    }, text);
  const shown = () => /Needed\sby/.test(document.querySelector(".monaco-hover:not(.hidden)")?.innerText);
  // Lines move down when lenses come: the pointer follows the word.
  for (let moved = 0; moved < 10 && !(await editor(shown)); moved += 1) {
    const { x, y } = await wordAt("fuel-pump");
    await page.mouse.move(x, y + moved % 2);
    await page.waitForFunction(shown, { timeout: 5000 }).catch(() => {});
  }
  assert.ok(await editor(shown), "the pointer on a word shows nothing");
  const hover = await editor(() => document.querySelector(".monaco-hover").innerText);
  assert.match(hover, /rests on `city-grid`/);
  await keep("monaco-hover");
  console.log(`hover: ${hover.split("\n")[0]}`);

  // What may stand in a backup, offered while one types.
  await editor(() => {
    const line = window.editor.getModel().findNextMatch("readiness  hot", { lineNumber: 1, column: 1 }, false, true, null, false).range.startLineNumber;
    window.editor.setPosition({ lineNumber: line, column: window.editor.getModel().getLineMaxColumn(line) });
    window.editor.focus();
  });
  await editor(() => window.editor.trigger("test", "type", { text: "\n" }));
  await page.keyboard.type("ind", { delay: 50 });
  // An answer that a busy server gave up since one typed on, Monaco does not ask for again: its author does.
  const row = ".suggest-widget.visible .monaco-list-row";
  const offers = () => page.waitForSelector(row, { visible: true, timeout: 5000 }).then(() => true, () => false);
  for (let asked = 0; asked < 10 && !(await offers()); asked += 1) {
    await editor(() => window.editor.trigger("test", "editor.action.triggerSuggest", {}));
  }
  const offered = await editor(() => [...document.querySelectorAll(".suggest-widget .monaco-list-row")].map((row) => row.innerText));
  assert.ok(offered.some((text) => text.includes("independent of")), `offered: ${offered}`);
  await keep("monaco-completion");
  console.log(`completion: ${offered.length} offers`);
  await page.keyboard.press("Escape");
  await editor(() => window.editor.getModel().undo());

  // The graph: a click leads to the text.
  await editor(() => window.showGraph());
  await page.waitForSelector("#graph svg [data-node]");
  await editor(() => window.editor.setPosition({ lineNumber: 1, column: 1 }));
  await editor(() => document.querySelector('#graph [data-node$="fuel-pump"]').dispatchEvent(new MouseEvent("click", { bubbles: true })));
  const line = await editor(() => window.editor.getModel().getLineContent(window.editor.getPosition().lineNumber));
  assert.match(line, /^dependency fuel-pump/);
  await keep("monaco-graph");
  console.log("graph: a click leads to the declaration");

  assert.deepStrictEqual(failures, []);
} finally {
  await browser.close();
  site.stop();
}
