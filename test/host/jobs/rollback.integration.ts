import { scripts } from '../../support/builders/plugins';
import { useScene } from '../support/scene';
import { activeIn, rememberedIn } from '../support/testHost';

const FAILURES = 50;
const scene = useScene();

test('after fifty forced failures the old version was back each time within five minutes [ACC-08] [INS-08]', async () => {
  await scene.withFirstVersion();
  const kinds = [scripts.broken, 'process.kill(process.pid, "SIGKILL");', 'throw new Error("planted");'];
  for (let count = 1; count <= FAILURES; count += 1) {
    const version = `1.0.${count}`;
    const health = kinds[count % kinds.length] ?? scripts.broken;
    scene.marketplace.offer(await scene.build({ version, health }));
    await scene.reported(version, 'rolled_back');
    expect(await activeIn(scene.folder)).toBe('1.0.0');
  }
  const back = scene.marketplace.reports.filter(({ kind }) => kind === 'rolled_back');
  const times = back.map(({ elapsedMs }) => elapsedMs).sort((a, b) => a - b);
  expect(times).toHaveLength(FAILURES);
  // The bound that the requirement names; the numbers themselves are for the reader.
  expect(times.at(-1)).toBeLessThan(300_000);
  process.stdout.write(`50 failed installs taken back: median ${times[25]} ms, slowest ${times.at(-1)} ms\n`);
  expect(await scene.inPlugin('versions')).toEqual(['1.0.0']);
  expect(await scene.inPlugin('backups')).toHaveLength(1);
  expect(await scene.inFolder('staging')).toEqual([]);
  expect(await rememberedIn(scene.folder)).toEqual(['1.0.0']);
}, 300_000);
