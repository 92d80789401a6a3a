import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { WithStartWorkflowOperation } from '@temporalio/client';
import { releaseWorkflowId } from '../core/ids';
import { createPublishRequest, createSubmission } from '../test/support/builders/submission';
import { startRealStack, type RealStack } from '../test/support/servers/realStack';
import { answer, type noopRelease } from './noopWorkflow';
import { NOOP_QUEUE } from './noopWorker';
import type { Row } from './result';
import { median, seconds } from './statistics';

const WARM_UP = 10;
const ROUNDS = 40;
const AT_ONCE = 8;

/**
 * Accepting a publish (HTTP request to receipt) against starting a no-op workflow of the same shape by
 * the same call on the same server; each round does both, so that what load there is weighs on both.
 */
export async function benchPublish(): Promise<Row[]> {
  const real = await startRealStack({
    SPILLWAY_TENANTS: 'acme',
    SPILLWAY_PUBLISH_PER_MINUTE: '100000',
    SPILLWAY_WRITES_PER_MINUTE: '100000',
  });
  const worker = await startNoopWorker(real);
  try {
    const { accept, abortAll } = acceptorOf(real);
    const noop = starterOf(real);
    for (let round = 0; round < WARM_UP; round += 1) await Promise.all([accept(), noop()]);
    await abortAll();
    const alone = await measure({ accept, abortAll, noop }, ROUNDS, 1);
    const together = await measure({ accept, abortAll, noop }, ROUNDS / 2, AT_ONCE);
    return [
      rowOf('accepting a publish, one after the other', alone),
      rowOf(`accepting a publish, ${AT_ONCE} at once`, together),
    ];
  } finally {
    worker.kill();
    await real.stop();
  }
}

interface Rounds {
  accepted: number[];
  started: number[];
}

interface Measured {
  accept: () => Promise<unknown>;
  abortAll: () => Promise<unknown>;
  noop: () => Promise<unknown>;
}

async function measure(
  { accept, abortAll, noop }: Measured,
  rounds: number,
  atOnce: number,
): Promise<Rounds> {
  const taken: Rounds = { accepted: [], started: [] };
  const many = (work: () => Promise<unknown>) =>
    Promise.all(Array.from({ length: atOnce }, () => seconds(work)));
  for (let round = 0; round < rounds; round += 1) {
    taken.accepted.push(...(await many(accept)));
    taken.started.push(...(await many(noop)));
    // Outside of what is measured, until the engine is at rest again: a publisher has few uploads open.
    await abortAll();
  }
  return taken;
}

function rowOf(what: string, { accepted, started }: Rounds): Row {
  const [product, baseline] = [median(accepted), median(started)];
  const ms = (value: number): string => `${(value * 1000).toFixed(1)} ms`;
  const against = `${ms(baseline)} (no-op workflow)`;
  return { what, measured: ms(product), baseline: against, value: product / baseline, bound: 1.5 };
}

/** Publishes a plugin that nobody published before; nothing is uploaded, and all uploads can be aborted. */
function acceptorOf({ publisher, author, temporal, db }: RealStack): Pick<Measured, 'accept' | 'abortAll'> {
  let count = 0;
  const open: string[] = [];
  return {
    async accept() {
      const request = createPublishRequest({ pluginId: `com.example.bench.p${(count += 1)}` });
      const artefact = { ...request.artefact, signedBy: author.key.fingerprint };
      open.push((await publisher.releases.publish({ ...request, artefact })).versionId);
    },
    async abortAll() {
      await Promise.all(open.splice(0).map(abort));
      // A publisher reserves few plugins, which no abort changes.
      await db('plugins').where('id', 'like', 'com.example.bench.%').update({ reserved_until: new Date() });
    },
  };

  async function abort(versionId: string): Promise<void> {
    await publisher.releases.abortUpload(versionId);
    await temporal.workflow.getHandle(releaseWorkflowId(versionId)).result();
  }
}

function starterOf({ temporal }: RealStack): () => Promise<unknown> {
  return () => {
    const input = createSubmission({ pluginId: 'com.example.bench.noop' });
    const startWorkflowOperation = new WithStartWorkflowOperation<typeof noopRelease>('noopRelease', {
      workflowId: `noop:${randomUUID()}`,
      taskQueue: NOOP_QUEUE,
      args: [input],
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
    return temporal.workflow.executeUpdateWithStart(answer, { args: [input], startWorkflowOperation });
  };
}

async function startNoopWorker({ stack, temporal }: RealStack): Promise<ChildProcess> {
  const loader = pathToFileURL(createRequire(__filename).resolve('tsx')).href;
  const script = path.join(__dirname, 'noopWorker.ts');
  const args = ['--import', loader, script, stack.addresses.temporal, temporal.options.namespace];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  return child;
}
