import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Registry } from 'prom-client';
import { createTrial } from '../../adapters/scanners/compatibility/trial';
import { repositoryRoot } from '../../infra/build/build';
import { ensureTool } from '../../infra/tools/install';
import { checkReadiness } from '../../platform/server/readiness';
import { watchContainment } from '../../worker/containment';
import { useDatabase } from '../support/servers/database';
import { temporaryFolder } from '../support/temporaryFolder';

const database = useDatabase();
const folder = temporaryFolder('containment');
const bubblewrap = path.join(folder, 'bwrap');

/** Puts a program in bubblewrap's place that leaves some of its options out. */
async function weaken(...left: string[]): Promise<void> {
  const { path: real } = await ensureTool('bubblewrap', () => undefined);
  const script = `#!/bin/sh
for each do
  shift
  case " ${left.join(' ')} " in *" $each "*) ;; *) set -- "$@" "$each" ;; esac
done
exec ${real} "$@"
`;
  await writeFile(bubblewrap, script);
  await chmod(bubblewrap, 0o755);
}

const listAlerts = async () => {
  const rows = await database.knex('outbox').where({ recipient_kind: 'operator' }).select('body');
  return rows.map(({ body }) => body);
};

test('a sandbox that weakens while the worker runs is seen by /readyz, operators and metrics, and no trial runs in it', async () => {
  const now = new Date();
  await weaken();
  const program = path.join(repositoryRoot, 'dist/host-trial.cjs');
  const trial = createTrial({ program, dir: path.join(folder, 'trials'), deadlineMs: 60_000, bubblewrap });
  const registry = new Registry();
  const watch = watchContainment(trial, { db: database.worker, registry });
  const isReady = async () => (await checkReadiness({ sandbox: () => watch.describe() })).components.sandbox;
  const isStrong = async () =>
    (await registry.getSingleMetric('spillway_sandbox_strong')!.get()).values.map(({ value }) => value);
  expect(await watch.atStart).toMatchObject({ driver: 'namespaces', strength: 'strong' });
  expect(await isReady()).toEqual({ ready: true, detail: 'namespaces (strong)' });

  await weaken('--unshare-net');
  expect(await watch.look(now)).toMatchObject({
    strength: 'weak',
    detail: expect.stringContaining('a network of its own'),
  });
  expect(await isReady()).toEqual({
    ready: false,
    detail: 'strong at the start, now node-permission (weak): no trial runs',
  });
  expect(await isStrong()).toEqual([0]);
  await watch.look(now);
  expect(await listAlerts()).toEqual([
    expect.objectContaining({ kind: 'containment_lost', message: expect.stringContaining('network') }),
  ]);
  const { signal } = new AbortController();
  expect(await trial.run({ packagePath: '/no/package.pxp', keys: [], signal })).toMatchObject({
    notRun: { sandbox: 'node-permission' },
  });

  await weaken();
  expect(await watch.look(now)).toMatchObject({ strength: 'strong' });
  expect(await isReady()).toEqual({ ready: true, detail: 'namespaces (strong)' });
  expect(await isStrong()).toEqual([1]);
});
