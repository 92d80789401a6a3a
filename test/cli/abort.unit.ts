import { openPublishBench, type PublishBench } from '../support/cli/publishFixture';
import { runCli } from '../support/cli/runCli';

let bench: PublishBench;
beforeEach(async () => {
  bench = await openPublishBench();
  await bench.publish();
});
afterEach(() => bench.close());

const run = (args: string[]) =>
  runCli(args, {
    cwd: bench.folder,
    env: { PX_MARKETPLACE_API_URL: bench.marketplace.url, PX_MARKETPLACE_TOKEN: bench.marketplace.token },
  });

test('an upload is aborted by the id on its receipt', async () => {
  const { exit, out } = await run(['abort', 'com.example.tools.notes@1.1.0']);
  expect(exit).toBe(0);
  expect(out).toContain('The upload of com.example.tools.notes@1.1.0 has ended; nothing of it is kept.');
});

test('a release that waits is withdrawn by the same id, with a reason or without', async () => {
  const { exit, out } = await run([
    'withdraw',
    'com.example.tools.notes@1.1.0',
    '--reason',
    'The wrong build.',
  ]);
  expect(exit).toBe(0);
  expect(out).toContain('com.example.tools.notes@1.1.0 is withdrawn; nobody was offered it.');
  const { out: json } = await run(['withdraw', 'com.example.tools.notes@1.1.0', '--json']);
  expect(JSON.parse(json)).toEqual({ versionId: 'com.example.tools.notes@1.1.0', state: 'withdrawn' });
});

test('a release that tenants were offered cannot be withdrawn, which ends with the status of a conflict', async () => {
  bench.marketplace.failNext('/withdraw', 'RELEASE_STATE');
  expect((await run(['withdraw', 'com.example.tools.notes@1.1.0'])).exit).toBe(4);
});
