import { setTimeout as sleep } from 'node:timers/promises';
import { PLUGIN } from '../../support/builders/manifest';
import { failWritesIn } from '../support/failingWrites';
import { useScene } from '../support/scene';
import { activeIn } from '../support/testHost';
import { eventually, until } from '../../support/waiting';

const scene = useScene();

interface ReadinessBody {
  ready: boolean;
  components: Record<string, { ready: boolean; detail: string }>;
}
const readReadiness = async () => (await scene.admin('GET', '/readyz')).body as ReadinessBody;

/** A host that has upgraded from 1.0.0 to 1.1.0, and nothing left to do. */
async function upgrade(): Promise<void> {
  await scene.withFirstVersion();
  scene.marketplace.offer(await scene.build({ version: '1.1.0' }));
  await scene.reported('1.1.0', 'installed');
  await scene.host.jobs.idle();
}

test.each([1, 2, 3, 4, 6, 8, 11, 14, 18])(
  'a host whose disk is full from its write %i on leaves a withdrawn version as soon as there is room',
  async (from) => {
    await upgrade();
    const disk = failWritesIn(scene.folder, from);
    try {
      scene.marketplace.withdraw('1.1.0', '1.0.0');
      await until('a write that failed', () => disk.failed() > 0);
      await sleep(300);
    } finally {
      disk.stop();
    }
    await scene.reported('1.1.0', 'rolled_back');
    await scene.host.jobs.idle();
    expect(await activeIn(scene.folder)).toBe('1.0.0');
    expect(scene.host.jobs.isBusy(PLUGIN)).toBe(false);
    await eventually('a ready host', async () =>
      expect(await readReadiness()).toMatchObject({ ready: true, components: { feed: { ready: true } } }),
    );
  },
);

test('a host that cannot write is not ready, and says how old what it acts on is', async () => {
  await scene.withFirstVersion();
  const disk = failWritesIn(scene.folder, 1, { code: 'EROFS' });
  try {
    scene.marketplace.withdraw('1.0.0');
    await eventually('an unready host', async () =>
      expect(await readReadiness()).toMatchObject({
        ready: false,
        components: {
          feed: {
            ready: false,
            detail: expect.stringMatching(/^HOST_STORAGE; revision 1 applied \d+ s ago$/),
          },
          disk: { ready: true, detail: expect.stringMatching(/^\d+ MB free, 67 MB wanted$/) },
        },
      }),
    );
  } finally {
    disk.stop();
  }
  await scene.reported('1.0.0', 'rolled_back');
});

test('a host with less free disk than it wants is not ready before anything fails', async () => {
  await scene.stopHost();
  await scene.startHost({ SPILLWAY_MIN_FREE_BYTES: String(10 ** 12) });
  expect((await readReadiness()).components.disk).toMatchObject({ ready: false });
});
