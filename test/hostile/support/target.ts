import { ask } from '../../support/requests/ask';
import {
  createAuthor,
  publishAndUpload,
  reach,
  type Author,
  type Prepared,
} from '../../support/builders/author';
import { startRealStack, type RealStack } from '../../support/servers/realStack';
import { startSecondApi } from './secondApi';
import { listObjects, readTraces } from './traces';

/** What is attacked: a real stack with a second process of its API, and what every attack needs. */
export type Target = Awaited<ReturnType<typeof startTarget>>;

export async function startTarget() {
  const real = await startRealStack({
    SPILLWAY_TENANTS: 'acme',
    SPILLWAY_POLL_SECONDS: '1',
    SPILLWAY_WRITES_PER_MINUTE: '100000',
  });
  const [second, stranger] = await Promise.all([startSecondApi(real), createAuthor()]);
  let names = 0;
  const publisherToken = (): string => real.stack.secrets.publisherTokens.publisher!;
  return {
    ...{ real, second, stranger, publisherToken },
    /** A package of a plugin that nobody has published yet. */
    async fresh(author: Author = real.author): Promise<Prepared> {
      // Most of what is published here is never verified, and a publisher reserves few plugins.
      await real.db('plugins').update({ reserved_until: new Date() });
      return author.prepare(`com.example.hostile.p${(names += 1)}`, '1.0.0');
    },
    /** A publish over one of the two API processes, without the client's own politeness. */
    publish: (request: unknown, index = 0, token: string | undefined = publisherToken()) =>
      ask(`${index % 2 ? second.url : real.stack.addresses.api}/api/marketplace/plugins/publish`, {
        method: 'POST',
        ...(token ? { token } : {}),
        body: request,
      }),
    leavesNothing: (work: () => Promise<void>) => leavesNothing(real, work),
    expectRejected: (prepared: Prepared, code: string) => expectRejected(real, prepared, code),
    async stop(): Promise<void> {
      await Promise.all([second.stop(), stranger.leave()]);
      await real.stop();
    },
  };
}

/** Runs what must be refused and expects that no row and no object came or went. */
async function leavesNothing(real: RealStack, work: () => Promise<void>): Promise<void> {
  const before = await readTraces(real);
  await work();
  expect(await readTraces(real)).toEqual(before);
}

/** The workflow ends rejected with the reason; no object is left, and nobody is offered anything. */
async function expectRejected(real: RealStack, prepared: Prepared, code: string): Promise<void> {
  const before = await readTraces(real);
  const { versionId, publishId } = await publishAndUpload(real.publisher, prepared);
  expect(await reach(real.publisher, versionId, ['rejected', 'in_review'])).toBe('rejected');
  const { problems } = await real.publisher.releases.read(versionId);
  expect(problems.map((each) => each.code)).toContain(code);
  await expect(real.temporal.workflow.getHandle(publishId).result()).resolves.toMatchObject({
    state: 'rejected',
    problems: expect.arrayContaining([expect.objectContaining({ code })]),
  });
  expect(await listObjects(real)).toEqual(before.objects);
  const { rows } = await readTraces(real);
  for (const table of ['feed', 'rollouts', 'scans', 'installations'])
    expect([table, rows[table]]).toEqual([table, before.rows[table]]);
  const listed = await real.db('versions').where({ id: versionId }).whereNotNull('listed_at');
  expect(listed).toEqual([]);
}
