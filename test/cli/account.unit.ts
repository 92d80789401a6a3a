import { openPublishBench, type PublishBench } from '../support/cli/publishFixture';
import { runCli } from '../support/cli/runCli';

let bench: PublishBench;
beforeEach(async () => (bench = await openPublishBench()));
afterEach(() => bench.close());

async function precheck() {
  const env = {
    PX_MARKETPLACE_API_URL: bench.marketplace.url,
    PX_MARKETPLACE_TOKEN: bench.marketplace.token,
  };
  const { exit, out } = await runCli(['precheck', 'plugin', '--json'], { cwd: bench.folder, env });
  const { errors } = JSON.parse(out) as { errors: { code: string; next: string }[] };
  return { exit, codes: errors.map(({ code }) => code) };
}

async function registerKey() {
  const { out } = await runCli(['keys', 'list', '--json'], { cwd: bench.folder });
  bench.marketplace.keys = [/[0-9A-F]{40}/.exec(out)![0]];
}

describe('precheck with a marketplace', () => {
  test('is ready for a publisher whose key is registered', async () => {
    await registerKey();
    expect(await precheck()).toEqual({ exit: 0, codes: [] });
  });

  test('is not ready with a key that the marketplace does not know', async () => {
    expect(await precheck()).toEqual({ exit: 1, codes: ['SIGNATURE_UNKNOWN_KEY'] });
  });

  test('is not ready with a reviewer’s token', async () => {
    await registerKey();
    bench.marketplace.subject = { kind: 'reviewer', id: 'rita', scopes: ['review:read', 'release:read'] };
    const { exit, codes } = await precheck();
    expect(exit).not.toBe(0);
    expect(codes).toContain('SCOPE_MISSING');
  });
});
