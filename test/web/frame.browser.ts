import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { overhang, phone, findViolations } from './support/browser';
import { queueEntry, release } from './support/fixtures';
import { TOKEN } from './support/site';
import { refused, rolledBack, rollingOut } from './support/stories';
import { useSite } from './support/useSite';

const web = useSite();

const at = (version: string) => ({ version, publishId: `release:obsidian-dataview@${version}` });

beforeEach(async () => {
  const [back, bad] = [rolledBack(), refused()];
  back.release = { ...back.release, ...at('0.5.67') };
  bad.release = { ...bad.release, ...at('0.5.66') };
  const waiting = { release: release(at('0.5.69')), events: [] };
  const stories = [waiting, rollingOut(), back, bad];
  await web.openSite({ stories, reviews: [queueEntry({ version: '0.5.69' })] });
});

const every = [
  ['the list of releases', '/releases', 'Releases'],
  ['a release in rollout', '/releases/release%3Aobsidian-dataview%400.5.68', 'Dataview 0.5.68'],
  ['a release that was rolled back', '/releases/release%3Aobsidian-dataview%400.5.67', 'Dataview 0.5.67'],
  ['a refused release', '/releases/release%3Aobsidian-dataview%400.5.66', 'Dataview 0.5.66'],
  ['the review queue', '/reviews', 'Reviews'],
  ['a review', `/reviews/${queueEntry().reviewQueueId}`, 'Dataview 0.5.69'],
] as const;

describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
  test.each(every)('%s has no accessibility violation', async (_, path, heading) => {
    const page = await web.openSignedIn(path, { colorScheme });
    await page.getByRole('heading', { level: 1, name: heading }).waitFor();
    await page.getByText('network.http.get').or(page.getByText('stable')).first().waitFor();
    expect(await findViolations(page)).toEqual([]);
  });

  test('the sign-in has no accessibility violation, with a refused token as well', async () => {
    const page = await web.open('/releases#token=wrong', { colorScheme });
    await page.getByRole('alert').getByText('The token is not valid').waitFor();
    expect(await findViolations(page)).toEqual([]);
  });

  test('the confirmation of a decision has no accessibility violation', async () => {
    const page = await web.openSignedIn(`/reviews/${queueEntry().reviewQueueId}`, { colorScheme });
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    await page.getByRole('dialog').waitFor();
    expect(await findViolations(page)).toEqual([]);
  });
});

test.each(every)('%s fits a phone without scrolling sideways', async (_, path, heading) => {
  const page = await web.openSignedIn(path, phone);
  await page.getByRole('heading', { level: 1, name: heading }).waitFor();
  await page.getByText('network.http.get').or(page.getByText('obsidian-dataview')).first().waitFor();
  expect(await overhang(page)).toBe(0);
});

test('a token in the address signs in and leaves the address', async () => {
  const page = await web.openSignedIn('/');
  await page.getByText('reviewer rita').waitFor();
  expect(new URL(page.url()).pathname).toBe('/releases');
  expect(page.url()).not.toContain('token');
  await page.reload();
  await page.getByText('reviewer rita').waitFor();
});

test('a person signs in with a token and out again', async () => {
  const page = await web.open('/reviews');
  await page.getByLabel('Token').fill(TOKEN);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { level: 1, name: 'Reviews' }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
});

test('the keyboard reaches the content first, and a page that opens takes the focus', async () => {
  const page = await web.openSignedIn('/releases');
  const link = page.getByRole('link', { name: 'Dataview 0.5.68' });
  await link.waitFor();
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content');
  await link.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Dataview 0.5.68' }).waitFor();
  await page.waitForFunction("document.activeElement.textContent === 'Dataview 0.5.68'");
});

test('who may not review is not shown the way to the reviews', async () => {
  web.site.world.person = 'publisher';
  const page = await web.openSignedIn('/releases');
  await page.getByText('publisher acme').waitFor();
  await page.getByRole('link', { name: 'API docs' }).waitFor();
  expect(await page.getByRole('link', { name: 'Reviews' }).count()).toBe(0);
});

test('the pages load fast on a phone: no schema library, and at most 110 kB of script over the wire', async () => {
  const folder = path.join(web.folder, 'assets');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.js'));
  const scripts = await Promise.all(names.map((name) => readFile(path.join(folder, name))));
  expect(scripts.length).toBeGreaterThan(0);
  expect(scripts.reduce((sum, script) => sum + gzipSync(script).length, 0)).toBeLessThan(110_000);
  for (const script of scripts) expect(script.includes('ZodError')).toBe(false);
});

test('an address without a page says so and offers the list', async () => {
  const page = await web.openSignedIn('/no/such/page');
  await page.getByRole('heading', { name: 'Page not found' }).waitFor();
  await page.getByRole('link', { name: 'list of releases' }).click();
  await page.getByRole('heading', { level: 1, name: 'Releases' }).waitFor();
});
