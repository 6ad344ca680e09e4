import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dashboardSite, renderHtml, type DashboardFacts, type DashboardPage } from '../src/index.ts';
import { findChromium } from './support/chromium.ts';
import { dashboardFacts, dashboardHistory, shaOf } from './support/dashboard-history.ts';
import { failing } from './support/fixtures.ts';
import { gallery } from './support/gallery.ts';
import { expectPicture, sheetOf, type Box } from './support/screenshots.ts';

const executablePath = findChromium();
if (executablePath === undefined) {
  console.warn('SKIPPED: no page was opened in a browser. Install Chromium, or name one: CHROMIUM=/path/to/chromium.');
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const html = renderHtml(gallery());

/** A quarter of a pixel for each: letters become grey, and the pictures stay small. */
const scale = 0.25;
const looks = [
  { name: 'desktop-light', width: 1280, colorScheme: 'light' },
  { name: 'desktop-dark', width: 1280, colorScheme: 'dark' },
  { name: 'phone-light', width: 390, colorScheme: 'light' },
  { name: 'phone-dark', width: 390, colorScheme: 'dark' },
] as const;
type Look = (typeof looks)[number]['name'];

describe.skipIf(executablePath === undefined)('in a browser', () => {
  let browser: Browser;
  const complaints: string[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox', '--disable-gpu'] });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
  });

  async function open(content: string, options: Parameters<Browser['newContext']>[0]): Promise<[BrowserContext, Page]> {
    const context = await browser.newContext({ offline: true, ...options });
    const page = await context.newPage();
    page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('request', (request) => complaints.push(`asked for ${request.url()}`));
    await page.setContent(content);
    return [context, page];
  }

  test('every drawing looks as it did, wide and narrow, light and dark, and nothing has a serious fault', async () => {
    const [context, page] = await open(html, { deviceScaleFactor: scale });
    for (const { name, width, colorScheme } of looks) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      const { boxes, sideways } = await page.evaluate<Layout>(layoutOf('.plot'));
      expect(boxes).toHaveLength(await page.locator('figure').count());
      // What is wide scrolls inside of the page, which itself never scrolls sideways.
      expect([name, sideways]).toEqual([name, 0]);
      expectPicture(`${name}.png`, sheetOf(await page.screenshot({ fullPage: true }), boxes.map(scaled)));
      if (name === 'desktop-light' || name === 'phone-dark') expect(await seriousFaults(page)).toEqual([]);
    }
    await context.close();
    expect(complaints).toEqual([]);
  }, 120_000);

  test('arrow keys read the data of a drawing', async () => {
    const [context, page] = await open(html, { viewport: { width: 1280, height: 900 } });
    const figure = page.locator('figure').filter({ hasText: 'lie below the curve at p50' }).first();
    await figure.locator('.plot > svg').first().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await expect
      .poll(() => figure.locator('output').textContent())
      .toMatch(/^percentile p50 {3}response-time [\d.]+ ms$/);
    await page.keyboard.press('Escape');
    expect(await figure.locator('output').textContent()).toBe('');
    await figure.locator('.plot > svg').first().hover();
    expect(await figure.locator('output').textContent()).toMatch(/^percentile p9\d/);
    await context.close();
    expect(complaints).toEqual([]);
  });

  test('without scripts nothing is missing', async () => {
    const [context, page] = await open(renderHtml(failing()), {
      javaScriptEnabled: false,
      viewport: { width: 390, height: 900 },
    });
    const summary = page.locator('summary').first();
    const data = page.locator('details table').first();
    expect(await data.isVisible()).toBe(false);
    await summary.click();
    expect(await data.isVisible()).toBe(true);
    expect(await page.locator('.plot > svg:first-child').count()).toBe(await page.locator('figcaption').count());
    await context.close();
    expect(complaints).toEqual([]);
  });

  describe('a dashboard', () => {
    let folder: string;
    beforeAll(() => (folder = writeDashboard()));
    afterAll(() => rmSync(folder, { recursive: true }));

    /** A page from the disk; whatever it asks for or complains about is a complaint. */
    async function openFile(
      path: string,
      options: Parameters<Browser['newContext']>[0],
    ): Promise<[BrowserContext, Page]> {
      const context = await browser.newContext({ offline: true, ...options });
      const page = await context.newPage();
      page.on('pageerror', ({ message }) => complaints.push(message));
      page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
      page.on('request', (request) => {
        if (!request.isNavigationRequest()) complaints.push(`asked for ${request.url()}`);
      });
      await page.goto(pathToFileURL(join(folder, path)).href);
      return [context, page];
    }

    test('rows are found by words, and links lead on', async () => {
      const [context, page] = await openFile('index.html', { viewport: { width: 1280, height: 900 } });
      const rows = page.locator('table.series tbody tr:visible');
      expect(await rows.count()).toBe(9);
      await page.getByRole('searchbox').fill('PARSE p99');
      expect(await rows.count()).toBe(1);
      await page.getByRole('searchbox').fill('');
      await page.getByRole('checkbox').check();
      expect(await rows.locator('th a').allTextContents()).toEqual(['slow', 'drifting']);
      await page.getByRole('checkbox').uncheck();
      await page.getByRole('searchbox').fill('parse p99');
      await rows.locator('th a').click();
      expect(await page.locator('h1').textContent()).toBe('parse');
      await page.locator('td a').last().click();
      expect(await page.locator('h1').textContent()).toMatch(/^Commit \w{7}$/);
      await page.locator('nav a').first().click();
      expect(await page.title()).toBe(dashboardFacts.title);
      await context.close();
      expect(complaints).toEqual([]);
    }, 60_000);

    test('pages look as they did, wide and narrow, light and dark, and nothing has a serious fault', async () => {
      const [context, page] = await openFile('index.html', { deviceScaleFactor: scale });
      for (const [name, path, searched] of dashboardPages) {
        await page.goto(pathToFileURL(join(folder, path)).href);
        for (const look of looks) {
          await page.setViewportSize({ width: look.width, height: 900 });
          await page.emulateMedia({ colorScheme: look.colorScheme });
          const { boxes, sideways } = await page.evaluate<Layout>(layoutOf('.plot, main > .scroll, section > .scroll'));
          expect([name, look.name, sideways]).toEqual([name, look.name, 0]);
          if (name !== 'commit') {
            const picture = sheetOf(await page.screenshot({ fullPage: true }), boxes.map(scaled));
            expectPicture(`dashboard-${name}-${look.name}.png`, picture);
          }
          // Each search for faults takes a second.
          if (searched.includes(look.name)) expect([name, await seriousFaults(page)]).toEqual([name, []]);
        }
      }
      await context.close();
      expect(complaints).toEqual([]);
    }, 120_000);

    test('without scripts nothing is missing but the field that finds rows', async () => {
      const [context, page] = await openFile('index.html', {
        javaScriptEnabled: false,
        viewport: { width: 390, height: 900 },
      });
      expect(await page.locator('table.series tbody tr:visible').count()).toBe(9);
      expect(await page.getByRole('searchbox').count()).toBe(0);
      await page.getByRole('link', { name: 'drifting' }).first().click();
      expect(await page.locator('h1').textContent()).toBe('drifting');
      expect(await page.locator('.plot > svg:first-child').isVisible()).toBe(true);
      const [plot, drawing] = [page.locator('.plot'), page.locator('.plot > svg:first-child')];
      const hidden = async (): Promise<readonly number[]> => {
        const [box, drawn] = [(await plot.boundingBox())!, (await drawing.boundingBox())!];
        return [box.x - drawn.x, drawn.x + drawn.width - box.x - box.width];
      };
      // The newest runs are in sight; those that are not are reached by keys.
      const [older, newer] = await hidden();
      expect(older).toBeGreaterThan(100);
      expect(newer).toBe(0);
      // The values stand at the left edge of what is in sight, whatever part of the drawing that is.
      const column = async (): Promise<readonly number[]> => {
        const [box, values] = [(await plot.boundingBox())!, (await page.locator('.value-column').boundingBox())!];
        return [values.x - box.x, values.width];
      };
      expect(await column()).toEqual([0, 56]);
      await plot.focus();
      await page.keyboard.press('ArrowLeft');
      await expect.poll(async () => (await hidden())[1]).toBeGreaterThan(20);
      expect(await column()).toEqual([0, 56]);
      expect(await page.locator('details table').isVisible()).toBe(false);
      await page.locator('summary').click();
      expect(await page.locator('details tbody tr:visible').count()).toBe(50);
      await context.close();
      expect(complaints).toEqual([]);
    }, 60_000);

    test('its feed is XML whatever names hold, and says of every entry what RFC 4287 wants to know', async () => {
      const [context, page] = await openFile('index.html', {});
      for (const title of [dashboardFacts.title, '"><b>\u0000\u001b[2J\ud800\ufffe]]><![CDATA[&amp;&bogus;']) {
        const { root, fault, feed, entries } = await page.evaluate<Feed>(parsedFeed(feedOf(title)));
        expect(fault).toBe('');
        expect(root).toBe('http://www.w3.org/2005/Atom feed');
        expect(feed).toEqual(['title', 'id', 'updated', 'author', 'link', 'link', ...entries.map(() => 'entry')]);
        expect(entries).toEqual(
          Array.from({ length: 5 }, () => ['title', 'id', 'updated', 'link', 'category', 'summary']),
        );
      }
      await context.close();
      expect(complaints).toEqual([]);
    });
  });

  test('on paper: dark on white whatever the screen is, all data unfolded, nothing wider than the sheet', async () => {
    const [context, page] = await open(renderHtml(failing()), {
      colorScheme: 'dark',
      viewport: { width: 700, height: 1000 },
    });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.evaluate<Printed>(printed)).toEqual({ back: 'rgb(255, 255, 255)', folded: [], wide: [] });
    const paper = (await page.pdf({ format: 'A4', margin: { left: '10mm', right: '10mm' } })).toString('latin1');
    const pages = paper.match(/\/Type \/Page\b/g)!.length;
    expect(pages).toBeGreaterThan(1);
    expect(pages).toBeLessThan(12);
    await context.close();
    expect(complaints).toEqual([]);
  }, 60_000);
});

interface Printed {
  readonly back: string;
  readonly folded: readonly string[];
  readonly wide: readonly string[];
}

/** Runs in the page: what a reader of paper could not unfold, and what the edge of the sheet would cut. */
const printed = `({
  back: getComputedStyle(document.body).backgroundColor,
  folded: [...document.querySelectorAll('details')].filter((each) =>
    !(each.querySelector('table').getBoundingClientRect().height > 0)).map((each) => each.innerText),
  wide: [...document.querySelectorAll('.plot > svg, table')].filter((each) =>
    each.getBoundingClientRect().right > innerWidth + 1).map((each) => each.outerHTML.slice(0, 80)),
})`;

/** Pages of the dashboard that is written below, and the looks in which faults are searched for. */
const dashboardPages: readonly (readonly [name: string, path: string, searched: readonly Look[]])[] = [
  ['index', 'index.html', ['phone-dark']],
  ['series', pathOfPage('parse', 'p99'), ['phone-light']],
  ['commit', `c/${shaOf(30)}.html`, ['desktop-dark']],
];

function pathOfPage(benchmark: string, statistic: string): string {
  const series = dashboardHistory().filter(({ key }) => key.benchmark === benchmark);
  const pages = [...dashboardSite(dashboardFacts).add(series)];
  // A page of a series is made for each, in the order of their statistics.
  return pages[series.findIndex(({ key }) => key.statistic === statistic)]!.path;
}

const siteOf = (facts: DashboardFacts): readonly DashboardPage[] => {
  const site = dashboardSite(facts);
  return [...site.add(dashboardHistory()), ...site.finish()];
};

function writeDashboard(): string {
  const folder = mkdtempSync(join(tmpdir(), 'perfkeel-dashboard-'));
  for (const name of ['c', 'e', 's']) mkdirSync(join(folder, name));
  for (const { path, text } of siteOf(dashboardFacts)) writeFileSync(join(folder, path), text);
  return folder;
}

/** The feed of a dashboard whose every machine has such a name. */
const feedOf = (title: string): string => {
  const environments = dashboardFacts.environments.map((each) => ({ ...each, title }));
  return siteOf({ ...dashboardFacts, title, environments }).find(({ path }) => path === 'changes.xml')!.text;
};

interface Feed {
  /** The name space and the name of the outermost element. */
  readonly root: string;
  readonly fault: string;
  /** Names of the elements of the feed, and of each of its entries. */
  readonly feed: readonly string[];
  readonly entries: readonly (readonly string[])[];
}

/** Runs in the page, which has a parser that forgives nothing. */
const parsedFeed = (feed: string): string => `(() => {
  const { documentElement: root } = new DOMParser().parseFromString(${JSON.stringify(feed)}, 'application/xml');
  const names = (element) => [...element.children].map((each) => each.localName);
  return {
    root: root.namespaceURI + ' ' + root.localName,
    fault: root.querySelector('parsererror')?.textContent ?? '',
    feed: names(root),
    entries: [...root.querySelectorAll('entry')].map(names),
  };
})()`;

interface Layout {
  readonly boxes: readonly Box[];
  readonly sideways: number;
}

/** Runs in the page: where its parts are, and by how much the page is wider than its window. */
const layoutOf = (parts: string): string => `({
  boxes: [...document.querySelectorAll('${parts}')].map((each) => each.getBoundingClientRect().toJSON()),
  sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
})`;

const scaled = ({ x, y, width, height }: Box): Box => ({
  x: x * scale,
  y: y * scale,
  width: width * scale,
  height: height * scale,
});

interface Found {
  readonly violations: readonly {
    readonly id: string;
    readonly impact?: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

/** What axe-core calls serious or critical. */
async function seriousFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(options: object): Promise<Found> } }).axe.run({
      runOnly: ['wcag2a', 'wcag2aa'],
      resultTypes: ['violations'],
    }),
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .slice(0, 3)
          .map((node) => node.html.slice(0, 120))
          .join(' | ')}`,
    );
}
