import { openPublishBench, type PublishBench } from '../support/cli/publishFixture';
import { runCli } from '../support/cli/runCli';

let bench: PublishBench;
beforeEach(async () => {
  bench = await openPublishBench();
  await bench.publish();
});
afterEach(() => bench.close());

test('an upload is aborted by the id on its receipt', async () => {
  const { exit, out } = await runCli(['abort', 'com.example.tools.notes@1.1.0'], {
    cwd: bench.folder,
    env: { PX_MARKETPLACE_API_URL: bench.marketplace.url, PX_MARKETPLACE_TOKEN: bench.marketplace.token },
  });
  expect(exit).toBe(0);
  expect(out).toContain('The upload of com.example.tools.notes@1.1.0 has ended; nothing of it is kept.');
});
