import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { openPublishBench, type PublishBench } from '../support/cli/publishFixture';
import { startSmallMarketplace } from '../support/fakes/smallMarketplace';

let bench: PublishBench;
beforeEach(async () => (bench = await openPublishBench()));
afterEach(() => bench.close());

describe('what leaves the machine', () => {
  test('parts go to PX_ARTIFACT_STORE_ENDPOINT, and only they [CLI-30]', async () => {
    const other = await startSmallMarketplace();
    const { exit } = await bench.publish([], { PX_ARTIFACT_STORE_ENDPOINT: `${other.url}/gateway` });
    await other.close();
    // The other server knows no submission, so it refuses the part: but it was there that it arrived.
    expect(exit).toBe(1);
    expect(other.requests).toMatchObject([{ method: 'PUT', path: '/gateway/objects/1' }]);
    expect(bench.asked(/^PUT/)).toEqual([]);
  });

  test('requests go to PX_MARKETPLACE_API_URL, with a path where it has one [CLI-27]', async () => {
    await bench.publish([], { PX_MARKETPLACE_API_URL: `${bench.marketplace.url}/behind/a/proxy/` });
    expect(bench.asked(/POST .*publish$/)[0]!.path).toBe('/behind/a/proxy/api/marketplace/plugins/publish');
  });

  test.each([[[]], [['--verbose']], [['--json']]])(
    'the token is in no output and no file, whatever happens, with %j [CLI-28]',
    async (args) => {
      bench.marketplace.failNext('/objects/1', 'OBJECTS_UNAVAILABLE');
      const good = await bench.publish(args);
      bench.marketplace.failNext('/publish', 'TOKEN_INVALID');
      const refused = await bench.publish(args);
      expect([good.exit, refused.exit]).toEqual([0, 3]);
      const files = await readdir(path.join(bench.root, '.px-plugin'), {
        recursive: true,
        withFileTypes: true,
      });
      const texts = await Promise.all(
        files
          .filter((each) => each.isFile())
          .map((each) => readFile(path.join(each.parentPath, each.name), 'latin1')),
      );
      for (const text of [good.all, refused.all, ...texts]) {
        expect(text).not.toContain(bench.marketplace.token);
        expect(text).not.toContain('signature=hush');
      }
      expect(bench.marketplace.requests.filter((each) => each.path.includes('/api/')).length).toBeGreaterThan(
        0,
      );
    },
  );

  test('the token goes to the marketplace in its header, and never to the object store [CLI-28]', async () => {
    await bench.publish();
    expect(bench.asked(/POST .*publish$/)[0]!.authorization).toBe(`Bearer ${bench.marketplace.token}`);
    expect(bench.asked(/^PUT/).map((each) => each.authorization)).toEqual([undefined]);
  });

  test('every line of the log is JSON with the eight fields of a publish [OBS-17]', async () => {
    await bench.publish();
    bench.marketplace.failNext('/publish', 'VERSION_CONFLICT');
    await bench.publish();
    const lines = (await readFile(path.join(bench.root, '.px-plugin', 'publish.log'), 'utf8'))
      .trim()
      .split('\n');
    const parsed = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    for (const line of parsed) {
      expect(Object.keys(line)).toEqual(
        expect.arrayContaining([
          'pluginId',
          'version',
          'channel',
          'publishId',
          'status',
          'elapsedMs',
          'errorCode',
          'requestId',
        ]),
      );
    }
    expect(parsed).toMatchObject([
      { status: 'submitted', version: '1.1.0', channel: 'stable', errorCode: null },
      { status: 'refused', errorCode: 'VERSION_CONFLICT', requestId: 'req-4711' },
    ]);
  });
});
