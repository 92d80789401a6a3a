import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { openBrowser, openTab, type Tab } from './browser';
import { buildPages } from './pages';
import { openSite, TOKEN, type Site, type World } from './site';

/**
 * A browser and the built pages for the tests of one file. A site and a tab are opened in a test; after it the
 * tab must have had no complaint, and both are closed.
 */
export function useSite() {
  let pages: Awaited<ReturnType<typeof buildPages>>;
  let browser: Browser;
  let site: Site | undefined;
  let tab: Tab | undefined;

  beforeAll(async () => {
    pages = await buildPages();
    browser = await openBrowser();
  });
  afterEach(async () => {
    const complaints = tab?.complaints ?? [];
    await tab?.close();
    await site?.close();
    [tab, site] = [undefined, undefined];
    expect(complaints).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await pages?.remove();
  });

  const current = (): Site => {
    if (!site) throw new Error('No site is open.');
    return site;
  };
  const open = async (address: string, options?: BrowserContextOptions): Promise<Page> => {
    tab = await openTab(browser, options);
    await tab.page.goto(`${current().origin}${address}`);
    return tab.page;
  };
  return {
    get site(): Site {
      return current();
    },
    /** The folder of the built pages. */
    get folder(): string {
      return pages.folder;
    },
    openSite: async (world: Partial<World>): Promise<Site> => (site = await openSite(pages.folder, world)),
    /** Opens an address of the site as a stranger. */
    open,
    /** Opens an address with the token of somebody, who is signed in by it. */
    openSignedIn: (address: string, options?: BrowserContextOptions): Promise<Page> =>
      open(`${address}#token=${TOKEN}`, options),
  };
}
