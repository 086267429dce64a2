import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { writePage } from '../bench/page/page.ts';
import type { ScenarioResult } from '../bench/result.ts';
import { CHROMIUM } from '../helpers/clients.ts';
import { needs } from '../helpers/needs.ts';
import { useTmp } from '../helpers/use-tmp.ts';
import { sampleResult } from '../unit/bench/page/sample-result.ts';

const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };
/** What each kind of scenario is shown by: distribution, percentiles, bars, ratios or phases. */
const PLOTS: Readonly<Record<ScenarioResult['kind'], number>> = {
  warm: 6,
  first: 5,
  idle: 4,
  log: 4,
  concurrent: 4,
  cold: 2,
  phases: 1,
};
/** WCAG 2.2, 1.4.3. */
const LEAST_CONTRAST = 4.5;
const LOOK = readFileSync(new URL('../fixtures/bench-page/look.js', import.meta.url), 'utf8');
const RESULT = sampleResult();

/** What `look.js` measures. */
interface Look {
  readonly overlaps: readonly string[];
  readonly outside: readonly string[];
  readonly sections: readonly {
    readonly title: string;
    readonly plots: readonly { label: string; width: number; height: number; shapes: number }[];
  }[];
  readonly contrast: { readonly ratio: number; readonly text: string };
  readonly texts: number;
  readonly dark: boolean;
  readonly overflow: number;
  readonly skippedHeadings: number;
  readonly headersWithoutScope: number;
}

test(
  'the page of a benchmark shows every plot, legibly, and asks for nothing else',
  needs('chromium'),
  async (t) => {
    const { page, seen, url } = await openPage(t);
    for (const [name, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await t.test(`on a ${name}, ${colorScheme}`, async () => {
          await page.setViewportSize(viewport);
          await page.emulateMedia({ colorScheme });
          const look = await lookAt(page);
          checkPlots(look);
          assert.equal(look.dark, colorScheme === 'dark');
          assert.deepEqual(look.overlaps, []);
          assert.deepEqual(look.outside, []);
          assert.equal(look.overflow, 0, 'the page scrolls sideways');
          assert.ok(look.texts > 500, `${look.texts} texts`);
          assert.ok(
            look.contrast.ratio >= LEAST_CONTRAST,
            `"${look.contrast.text}" has ${look.contrast.ratio}`,
          );
          assert.equal(look.skippedHeadings, 0);
          assert.equal(look.headersWithoutScope, 0);
        });
      }
    }
    assert.deepEqual(seen, [`request: ${url}`]);
  },
);

test(
  'the page of a benchmark lights up a candidate by its button and by the pointer',
  needs('chromium'),
  async (t) => {
    const { page, seen, url } = await openPage(t);
    const lit = () => page.locator('html').getAttribute('data-lit');
    const button = page.getByRole('button', { name: 'pilotlight', exact: true });

    await button.click();
    assert.equal(await button.getAttribute('aria-pressed'), 'true');
    assert.equal(await lit(), 'c0');
    assert.equal(await opacityOf(page, 'c3'), '0.18');
    assert.equal(await opacityOf(page, 'c0'), '1');

    await page.locator('tr[data-candidate="c3"] td').first().hover();
    assert.equal(await lit(), 'c3');
    await page.locator('h1').hover();
    assert.equal(await lit(), 'c0');

    await page.keyboard.press('Escape');
    assert.equal(await lit(), null);
    assert.equal(await opacityOf(page, 'c3'), '1');
    assert.deepEqual(seen, [`request: ${url}`]);
  },
);

test('the page of a benchmark shows every plot without scripts', needs('chromium'), async (t) => {
  const { page } = await openPage(t, { javaScriptEnabled: false });
  assert.equal(await page.getByRole('button').count(), 0);
  checkPlots(await lookAt(page));
});

test('the page of a benchmark keeps long names within their plots', needs('chromium'), async (t) => {
  const longer = (name: string) =>
    name === 'pilotlight' ? 'WWWWWWWWWW'.repeat(4) : `${name} of a long name 漢字漢字漢字`;
  const long = {
    ...RESULT,
    candidates: RESULT.candidates.map(({ repeats, ...info }) => ({
      ...info,
      name: longer(info.name),
      ...(repeats !== undefined && { repeats: longer(repeats) }),
    })),
    scenarios: RESULT.scenarios.map((scenario) => ({
      ...scenario,
      runs: scenario.runs.map((run) => ({ ...run, candidate: longer(run.candidate) })),
    })),
  };
  const { page } = await openPage(t, {}, long);
  for (const viewport of [DESKTOP, PHONE]) {
    await page.setViewportSize(viewport);
    const { overlaps, outside, overflow } = await lookAt(page);
    assert.deepEqual({ overlaps, outside, overflow }, { overlaps: [], outside: [], overflow: 0 });
  }
});

/** Opens the page in a browser of its own; `seen` gets its requests, errors and what it writes to the console. */
async function openPage(
  t: TestContext,
  options: { javaScriptEnabled?: boolean } = {},
  result = RESULT,
): Promise<{ page: Page; seen: string[]; url: string }> {
  // Before its folder is removed: hooks run in the order in which they were registered.
  let context: BrowserContext | undefined;
  t.after(() => context?.close());
  const folder = useTmp(t);
  const file = join(folder, 'bench.html');
  writeFileSync(file, writePage(result));
  context = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: CHROMIUM,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
    env: { PATH: '/usr/bin:/bin', HOME: folder, TMPDIR: folder },
    viewport: DESKTOP,
    ...options,
  });
  const page = await context.newPage();
  const seen: string[] = [];
  page.on('console', (message) => seen.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => seen.push(`error: ${error.message}`));
  page.on('request', (request) => seen.push(`request: ${request.url()}`));
  const url = pathToFileURL(file).href;
  await page.goto(url);
  return { page, seen, url };
}

async function lookAt(page: Page): Promise<Look> {
  return (await page.evaluate(LOOK)) as Look;
}

function checkPlots({ sections }: Look): void {
  assert.deepEqual(
    sections.map(({ title, plots }) => [title, plots.length]),
    RESULT.scenarios.map(({ title, kind }) => [title, PLOTS[kind]]),
  );
  for (const { title, plots } of sections) {
    for (const { label, width, height, shapes } of plots) {
      assert.ok(label.length > 20, `a plot of "${title}" has no label`);
      assert.ok(width > 300 && height > 100, `${label} is ${width} by ${height}`);
      assert.ok(shapes >= 10, `${label} has ${shapes} shapes`);
    }
  }
}

/** Of the first drawing's shapes of a candidate, when transitions have ended. */
async function opacityOf(page: Page, candidate: string): Promise<unknown> {
  return page.evaluate(`(async () => {
    const shapes = document.querySelector('figure g[data-candidate="${candidate}"]');
    await Promise.all(shapes.getAnimations().map((each) => each.finished));
    return getComputedStyle(shapes).opacity;
  })()`);
}
