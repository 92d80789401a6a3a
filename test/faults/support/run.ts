import type { RealStack } from '../../support/servers/realStack';
import { namePlugin, whileStruck, type Case, type Observed, type Trial } from './cases';
import { drivers } from './phases';
import { createLimit } from '../../../platform/limit';
import { until } from '../../support/waiting';

/** Runs cases on one stack: several releases under way, one component down at a time. */
export function createRunner(real: RealStack): (each: Case) => Promise<Observed> {
  const inTurn = createLimit(1);
  return async (each) => {
    const began = performance.now();
    const blow = { killedAt: new Date(0), backSeconds: NaN };
    const exclusively: Trial['exclusively'] = (work) =>
      inTurn(async () => {
        let struck = 0;
        const result = await work(() => {
          blow.killedAt = new Date();
          struck = performance.now();
          real.stack.kill(each.component, 'SIGKILL');
        });
        await everythingBack(real, each.component);
        blow.backSeconds = (performance.now() - struck) / 1000;
        return result;
      });
    const trial = { ...each, real, pluginId: namePlugin(each), exclusively };
    const { versionId, glimpse } = await drivers[each.phase](trial);
    const wanted = each.phase === 'rollback' ? 'rolled_back' : 'completed';
    await until(
      `${versionId} ${wanted}`,
      async () => {
        const { state } = await real.publisher.releases.read(versionId);
        return state === wanted;
      },
      whileStruck,
    );
    return { ...each, versionId, glimpse, ...blow, seconds: (performance.now() - began) / 1000 };
  };
}

async function everythingBack({ stack }: RealStack, component: string): Promise<void> {
  await stack.untilReady(component);
  await until(
    'the stack',
    async () => stack.components.every(({ record }) => record.state === 'ready'),
    whileStruck,
  );
}

/** One line a case, for whoever reads the log. */
export function formatTable(observed: readonly Observed[]): string {
  const head = `${'killed'.padEnd(10)} ${'in'.padEnd(9)} back after   release took`;
  const lines = observed.map(
    ({ component, phase, backSeconds, seconds }) =>
      `${component.padEnd(10)} ${phase.padEnd(9)} ${`${backSeconds.toFixed(1)} s`.padStart(10)} ${`${seconds.toFixed(1)} s`.padStart(14)}`,
  );
  return ['', head, ...lines, ''].join('\n');
}
