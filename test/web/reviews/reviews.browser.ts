import { readFile } from 'node:fs/promises';
import { refusal } from '../../../core/errors/errors';
import { findViolations } from '../support/browser';
import { ago, queueEntry, release, sha } from '../support/fixtures';
import { useSite } from '../support/useSite';

const web = useSite();

beforeEach(() => web.openSite({ stories: [{ release: release(), events: [] }], reviews: [queueEntry()] }));

const openReview = () => web.openSignedIn(`/reviews/${queueEntry().reviewQueueId}`);

/** Stores a decision as the server would: the queue row closes, the release tells who and how. */
function recordDecision(decision: 'approve' | 'reject', reviewer: string, notes: string): void {
  const [review] = web.site.world.reviews;
  const [story] = web.site.world.stories;
  web.site.world.reviews = [{ ...review!, state: 'decided' }];
  const { reviewQueueId, slaDeadline } = review!;
  const told = { reviewQueueId, slaDeadline, state: 'decided' as const, decision, reviewer, notes };
  const state = decision === 'approve' ? ('approved' as const) : ('rejected' as const);
  story!.release = { ...story!.release, state, review: told };
}

test('the queue shows what waits, how long, what it may do and how its scans went [REV-11]', async () => {
  const page = await web.openSignedIn('/reviews');
  const tile = page.getByRole('listitem').filter({ hasText: 'Dataview 0.5.68' });
  await tile.getByText('by acme').waitFor();
  await tile.getByText('waiting for 50 min').waitFor();
  await tile.getByText('due in 3 h').waitFor();
  await tile.getByText('network.http.get').waitFor();
  await tile.getByText('6 scans passed, 1 finding').waitFor();
});

test('a name that looks like another plugin’s is seen on the queue, on the review and on the release', async () => {
  const nameFindings = [
    { kind: 'look_alike', resembles: 'obsidian-dataviev', publisherId: 'globex', isPublic: true } as const,
    { kind: 'reserved', resembles: 'obsidian', publisherId: null, isPublic: true } as const,
  ];
  web.site.world.reviews = [queueEntry({ nameFindings })];
  const [story] = web.site.world.stories;
  story!.release = release({ nameFindings });
  const page = await web.openSignedIn('/reviews');
  await page.getByRole('listitem').getByText('Look at the name').waitFor();
  const expectFindings = async () => {
    const region = page.getByRole('region', { name: 'Name of the plugin' });
    await region.getByText('obsidian-dataview looks like the plugin obsidian-dataviev of globex.').waitFor();
    await region.getByText('obsidian-dataview uses the reserved name obsidian.').waitFor();
  };
  await page.getByRole('link', { name: 'Dataview 0.5.68' }).click();
  await expectFindings();
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('link', { name: 'Timeline of the release' }).click();
  await expectFindings();
});

test('a new review appears on the queue by itself', async () => {
  web.site.world.reviews = [];
  const page = await web.openSignedIn('/reviews');
  await page.getByText('No reviews are waiting').waitFor();
  web.site.world.reviews = [queueEntry({ openedAt: ago(20_000), slaDeadline: ago(60) })];
  await page.getByText('overdue by 1 min').waitFor();
  await page.getByRole('link', { name: 'Dataview 0.5.68' }).click();
  await page.getByRole('heading', { level: 1, name: 'Dataview 0.5.68' }).waitFor();
});

test('a review shows the rollout that an approval sets going, before it is given', async () => {
  const page = await openReview();
  const card = page.getByRole('region', { name: 'Rollout after approval' });
  await card.getByText('10 % of tenants').waitFor();
  await card.getByText('watched for 1 d').waitFor();
  await card.getByText('not before').waitFor();
  await card.getByText('Always offered to (1)').waitFor();
  await card.getByText('tenant-11 and 18 more').waitFor();
});

test('a review has the package that it is about, as a file', async () => {
  const page = await openReview();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download the package' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('obsidian-dataview-0.5.68.pxp');
  expect(await readFile(await download.path(), 'utf8')).toBe(`package of ${queueEntry().reviewQueueId}`);
});

test('an approval is asked for once more, then sent with the digest that was shown', async () => {
  const page = await openReview();
  web.site.world.decide = () => {
    recordDecision('approve', 'rita', 'Read and tried.');
    return undefined;
  };
  await page.getByLabel('Notes for the publisher').fill('Read and tried.');
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  expect(web.site.decisions).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: 'Approve 0.5.68' }).click();
  await page.getByText('Approved by rita').waitFor();
  expect(web.site.decisions).toEqual([
    { decision: 'approve', notes: 'Read and tried.', packageSha256: sha('a') },
  ]);
  expect(web.site.asked).toContain('PATCH /api/marketplace/plugins/obsidian-dataview%400.5.68/review');
});

test('a rejection needs a reason', async () => {
  const page = await openReview();
  await page.getByRole('button', { name: 'Reject', exact: true }).click();
  await page.getByText('Give a reason, so that the publisher knows what to fix.').waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);
  await page.getByLabel('Notes for the publisher').fill('It phones home.');
  await page.getByRole('button', { name: 'Reject', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Reject 0.5.68' }).click();
  await page.getByText('The decision was recorded.').waitFor();
  expect(web.site.decisions).toEqual([
    { decision: 'reject', notes: 'It phones home.', packageSha256: sha('a') },
  ]);
});

test('a decision that is taken back in the dialog sends nothing', async () => {
  const page = await openReview();
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(web.site.decisions).toEqual([]);
});

test('who decides second is told kindly, and sees who decided and how', async () => {
  const page = await openReview();
  web.site.world.decide = () => {
    recordDecision('reject', 'rob', 'The licence is missing.');
    return refusal('REVIEW_CLOSED', 'rob rejected it a moment ago.');
  };
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Approve 0.5.68' }).click();
  await page.getByRole('alert').getByText('Someone else has already decided').waitFor();
  await page.getByText('Rejected by rob').waitFor();
  await page.getByText('The licence is missing.').waitFor();
  expect(await page.getByRole('button', { name: 'Approve', exact: true }).count()).toBe(0);
});

test('a decision on a package that has changed is refused with its next step', async () => {
  const page = await openReview();
  web.site.world.decide = () => refusal('REVIEW_DIGEST', 'The decision names another package.');
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Approve 0.5.68' }).click();
  await page.getByRole('alert').getByText('Reload the review and decide on the package it shows.').waitFor();
});
