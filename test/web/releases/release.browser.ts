import type { Page } from 'playwright-core';
import { ahead, queueEntry, release, stage } from '../support/fixtures';
import { refused, rolledBack, rollingOut, type Story } from '../support/stories';
import { useSite } from '../support/useSite';

const web = useSite();

/** Opens the page of the story's release and waits for its heading. */
async function watch(story: Story): Promise<Page> {
  await web.openSite({ stories: [story] });
  const { publishId, name, version } = story.release;
  const page = await web.openSignedIn(`/releases/${encodeURIComponent(publishId)}`);
  await page.getByRole('heading', { level: 1, name: `${name} ${version}` }).waitFor();
  return page;
}

const lines = (page: Page) =>
  page.getByRole('region', { name: 'Timeline' }).locator('ol > li > div > p:first-child');

test('a release’s timeline grows while somebody looks at it, without a reload', async () => {
  const story = rollingOut();
  const page = await watch(story);
  await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
  await page.evaluate('globalThis.wasReloaded = false');
  web.site.push(story, {
    kind: 'stage_verdict',
    text: 'Stage 2 passed at last.',
    actor: 'spillway',
    data: { verdict: 'pass' },
  });
  await page.getByRole('listitem').filter({ hasText: 'Stage 2 passed at last.' }).waitFor();
  expect(await lines(page).allTextContents()).toEqual(story.events.map((event) => event.text));
  expect(await page.evaluate('globalThis.wasReloaded')).toBe(false);
});

test('the counters of a running stage move without a line of the timeline', async () => {
  const story = rollingOut();
  const page = await watch(story);
  await page.getByText('2 installed, 1 not installed').waitFor();
  const [first, second, third] = story.release.rollout!.stages;
  const stages = [first!, { ...second!, installed: 3 }, third!];
  story.release = { ...story.release, rollout: { ...story.release.rollout!, stages } };
  await page.getByRole('img', { name: 'Tenants of this stage: 3 installed' }).waitFor();
});

test('a broken connection is shown, mended, and no line is lost or repeated', async () => {
  const story = rollingOut();
  const page = await watch(story);
  const status = page.getByRole('status');
  await status.filter({ hasText: 'Live' }).waitFor();
  const seen = story.events.length;
  web.site.cutStreams();
  await status.filter({ hasText: 'Reconnecting' }).waitFor();
  web.site.push(story, { kind: 'rollout_paused', text: 'olga paused the rollout.', actor: 'olga', data: {} });
  await page.getByRole('listitem').filter({ hasText: 'olga paused the rollout.' }).waitFor();
  await status.filter({ hasText: 'Live' }).waitFor();
  expect(web.site.resumedFrom).toEqual([undefined, String(seen)]);
  expect(await lines(page).allTextContents()).toEqual(story.events.map((event) => event.text));
});

test('a release that was rolled back says what failed and where its tenants are now', async () => {
  const page = await watch(rolledBack());
  const outcome = page.getByRole('region', { name: 'Outcome' });
  await outcome.getByRole('heading', { name: 'Rolled back: stage 1 failed' }).waitFor();
  await outcome.getByText('Stage 1 failed (1 installed, 2 failed, 4 in the cohort).').waitFor();
  await outcome.getByText('tenant-b could not install 0.5.68: its health check failed.').waitFor();
  await outcome.getByText('3 of 3 tenants that tried it are back on their previous version.').waitFor();
  await outcome.getByText('Every tenant is back on 0.5.67.').waitFor();
  await page.getByRole('status').filter({ hasText: 'Finished' }).waitFor();
  expect(web.site.resumedFrom).toEqual([undefined]);
  expect(await page.title()).toBe('Dataview 0.5.68, rolled back · Spillway');
});

test('a rollback under way counts who is still on the bad version', async () => {
  const story = rolledBack();
  const failed = stage(1, 4_000, {
    ...story.release.rollout!.stages[0],
    installed: 3,
    failed: 1,
    rolledBack: 2,
  });
  const rollout = { ...story.release.rollout!, state: 'rolling_back' as const, stages: [failed] };
  story.events = story.events.filter((event) => event.kind !== 'rolled_back_everywhere');
  story.release = { ...story.release, state: 'rolling_out', rollout };
  const page = await watch(story);
  const outcome = page.getByRole('region', { name: 'Outcome' });
  await outcome.getByRole('heading', { name: 'Rolling back: stage 1 failed' }).waitFor();
  await outcome
    .getByText('3 of 4 tenants that tried it are back on their previous version; 1 is still to follow.')
    .waitFor();
});

test('who did not return in time is counted as the rollback counted them', async () => {
  const story = rolledBack();
  const closing = story.events.find((event) => event.kind === 'rolled_back_everywhere');
  Object.assign(closing!, { text: 'One tenant has not returned yet.', data: { remaining: 1 } });
  const page = await watch(story);
  await page
    .getByText('2 of 3 tenants that tried it are back on their previous version; 1 is still to follow.')
    .waitFor();
});

test('a release in review leads who may decide to its review', async () => {
  const review = {
    reviewQueueId: queueEntry().reviewQueueId,
    state: 'open' as const,
    slaDeadline: ahead(7_300),
  };
  const shown = release({ review: { ...review, decision: null, reviewer: null, notes: null } });
  const page = await watch({ release: shown, events: [] });
  web.site.world.reviews = [queueEntry()];
  await page.getByText('due in 2 h').waitFor();
  await page.getByRole('link', { name: 'Open the review' }).click();
  await page.getByRole('button', { name: 'Approve', exact: true }).waitFor();
});

test('a refused release lists every problem at once, with code and place', async () => {
  const page = await watch(refused());
  const outcome = page.getByRole('region', { name: 'Outcome' });
  await outcome.getByText('dist/main.js differs from its digest in integrity.txt.').waitFor();
  await outcome.getByText('INTEGRITY_MISMATCH · dist/main.js').waitFor();
  await outcome.getByText('INTEGRITY_EXTRA · dist/extra.js').waitFor();
});

test('a release that is not there is told with its next step, code and request', async () => {
  const story = rollingOut();
  await web.openSite({ stories: [] });
  const page = await web.openSignedIn(`/releases/${encodeURIComponent(story.release.publishId)}`);
  const alert = page.getByRole('alert');
  await alert.getByText(`There is no release ${story.release.publishId}.`).waitFor();
  await alert.getByText('Check the publishId or versionId on the receipt.').waitFor();
  await alert.getByText('RELEASE_NOT_FOUND · request req-4711').waitFor();
});
