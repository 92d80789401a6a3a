import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { ensureTool } from '../../../infra/tools/install';

export async function openBrowser(): Promise<Browser> {
  const { path } = await ensureTool('chromium', () => undefined);
  // Without its own sandbox Chromium also starts as root in a container; it only sees our pages.
  return chromium.launch({ executablePath: path, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

export interface Tab {
  page: Page;
  /** Errors of the page and of its console, refused content among them. */
  complaints: string[];
  close(): Promise<void>;
}

/** A tab with a session of its own. Requests that the API refuses are the test's business, no complaint. */
export async function openTab(browser: Browser, options: BrowserContextOptions = {}): Promise<Tab> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    const isRefusal = /Failed to load resource|ERR_(INCOMPLETE|EMPTY|CONNECTION)/.test(message.text());
    if (message.type() === 'error' && !isRefusal) complaints.push(message.text());
  });
  return { page, complaints, close: () => context.close() };
}

export const phone: BrowserContextOptions = { viewport: { width: 360, height: 740 } };

interface AxeViolation {
  id: string;
  nodes: { html: string; failureSummary?: string }[];
}

/** Accessibility violations by axe-core with its default rules, as readable lines. */
export async function findViolations(page: Page): Promise<string[]> {
  const source = await readFile(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');
  // Evaluated by the debugger and not added as a script: the pages' own policy would refuse that.
  await page.evaluate(source);
  const found = await page.evaluate<AxeViolation[]>('axe.run().then((result) => result.violations)');
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`),
  );
}

/** How many pixels the page is wider than the screen: 0 when nothing has to be scrolled sideways. */
export const overhang = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
