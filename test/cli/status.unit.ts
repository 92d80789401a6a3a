import { viewTroubles } from '../../core/rollouts/troubleNews';
import { openPublishBench, type PublishBench } from '../support/cli/publishFixture';
import { runCli } from '../support/cli/runCli';

let bench: PublishBench;
beforeEach(async () => {
  bench = await openPublishBench();
  await bench.publish();
});
afterEach(() => bench.close());

const showStatus = () =>
  runCli(['status', 'com.example.tools.notes@1.1.0'], {
    cwd: bench.folder,
    env: { PX_MARKETPLACE_API_URL: bench.marketplace.url, PX_MARKETPLACE_TOKEN: bench.marketplace.token },
  });

describe('status', () => {
  test('of a version that is still rolled out says that a newer one is out, and in which state that is', async () => {
    bench.marketplace.state = 'rolling_out';
    bench.marketplace.versions.push({ version: '1.2.0', channel: 'stable' });
    const { exit, out } = await showStatus();
    expect(exit).toBe(0);
    expect(out).toMatch(/^state +rolling_out$/m);
    expect(out).toContain('A newer version is out in the channel stable: 1.2.0 (completed).');
  });

  test('says what a reviewer will look at in the name, until the release was approved', async () => {
    bench.marketplace.nameFindings = [
      { kind: 'look_alike', resembles: 'com.example.tool.notes', publisherId: 'globex', isPublic: true },
    ];
    bench.marketplace.state = 'in_review';
    const { exit, out } = await showStatus();
    expect(exit).toBe(0);
    expect(out).toContain(
      'A reviewer looks at the name:\n  com.example.tools.notes looks like the plugin com.example.tool.notes of globex.\n',
    );
    bench.marketplace.state = 'completed';
    expect((await showStatus()).out).not.toContain('looks at the name');
  });

  test('of a rollout that some hosts cannot take says how many, why and what helps, and that it counts for nothing', async () => {
    bench.marketplace.state = 'rolling_out';
    const troubles = viewTroubles([
      { stage: 1, code: 'HOST_DISK_FULL', tenants: 1 },
      { stage: 2, code: 'DOWNLOAD_CORRUPTED', tenants: 3 },
    ]);
    bench.marketplace.rollout = { state: 'active', stage: 1, basisPoints: 10_000, stages: [], troubles };
    const { out } = await showStatus();
    expect(out).toContain('Not judged by, as nothing of it is the fault of the version:');
    expect(out).toMatch(
      /3 tenants: The package arrived damaged \(DOWNLOAD_CORRUPTED\)\. It is fetched again/,
    );
    expect(out).toMatch(/1 tenant: The disk of the host is full \(HOST_DISK_FULL\)\. Free space/);
  });

  test('of the newest version names no other', async () => {
    bench.marketplace.state = 'rolling_out';
    bench.marketplace.versions.push({ version: '1.0.0', channel: 'stable' });
    expect((await showStatus()).out).not.toContain('newer');
  });
});
