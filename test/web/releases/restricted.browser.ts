import type { ReleaseView } from '../../../contracts/releases/view';
import { findViolations, overhang, phone } from '../support/browser';
import { queueEntry, release } from '../support/fixtures';
import { rollingOut } from '../support/stories';
import { useSite } from '../support/useSite';

const web = useSite();

type Restriction = ReleaseView['restrictions'][number];

const restriction = (given: Partial<Restriction> = {}): Restriction => ({
  ...{ restrictionId: '5f1f7c1e-0c6a-4c56-9a5c-0d6a2f3b1c11', kind: 'quarantine', cause: 'decision' },
  ...{ subjectKind: 'version', subjectId: 'obsidian-dataview@0.5.68', publisherId: 'acme' },
  ...{ reason: 'It mines coins.', imposedBy: 'operator:olga', imposedAt: new Date().toISOString() },
  ...{ expiresAt: '2026-12-24T12:00:00.000Z', appeal: 'It does not.', appealedAt: null },
  ...{ appealAnswer: null, answeredBy: null, answeredAt: null },
  ...{ liftedBy: null, liftReason: null, liftedAt: null },
  ...given,
});

const key = restriction({
  ...{
    restrictionId: '5f1f7c1e-0c6a-4c56-9a5c-0d6a2f3b1c12',
    subjectKind: 'key',
    subjectId: 'D4F0'.repeat(10),
  },
  ...{ cause: 'revocation', reason: 'The key was revoked as compromised.', expiresAt: null, appeal: null },
});

test('a release that is withheld says what is, why, until when, and how an appeal stands', async () => {
  const story = rollingOut();
  story.release = { ...story.release, state: 'completed', restrictions: [restriction(), key] };
  story.events.push({
    ...story.events.at(-1)!,
    ...{ seq: story.events.length + 1, kind: 'restricted', actor: 'operator:olga' },
    ...{ text: 'It is quarantined. Reason: It mines coins.', data: {} },
  });
  await web.openSite({ stories: [story] });
  const page = await web.openSignedIn(`/releases/${encodeURIComponent(story.release.publishId)}`, phone);
  const region = page.getByRole('region', { name: 'Restrictions' });
  await region.getByRole('heading', { name: 'Restricted' }).waitFor();
  await region
    .getByText('nobody new is offered it until 2026-12-24T12:00:00.000Z. Reason: It mines coins.')
    .waitFor();
  await region
    .getByText('The publisher appealed: "It does not." The operators have not answered yet.')
    .waitFor();
  await region.getByText('It lasts as long as the revocation').waitFor();
  await page.getByRole('region', { name: 'Outcome' }).getByText('the version is withheld now').waitFor();
  await page.getByRole('listitem').filter({ hasText: 'It is quarantined.' }).waitFor();
  expect(await findViolations(page)).toEqual([]);
  expect(await overhang(page)).toBe(0);
});

test('a reviewer reads above the facts that the release may not be listed', async () => {
  const shown = release({ restrictions: [restriction({ kind: 'delay', appeal: null })] });
  await web.openSite({ stories: [{ release: shown, events: [] }], reviews: [queueEntry()] });
  const page = await web.openSignedIn(`/reviews/${queueEntry().reviewQueueId}`);
  const region = page.getByRole('region', { name: 'Restrictions' });
  await region.getByText('is not listed yet until 2026-12-24T12:00:00.000Z.').waitFor();
  await region.getByText('The publisher may appeal once.').waitFor();
});

test('a release that nothing withholds says nothing of it', async () => {
  const story = rollingOut();
  await web.openSite({ stories: [story] });
  const page = await web.openSignedIn(`/releases/${encodeURIComponent(story.release.publishId)}`);
  await page.getByRole('region', { name: 'Timeline' }).waitFor();
  expect(await page.getByRole('region', { name: 'Restrictions' }).count()).toBe(0);
});
