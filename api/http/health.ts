import type { Express } from 'express';
import type { Readiness } from '../../contracts/readiness';
import type { RouteDependencies } from './dependencies';
import { routed } from './requestLog';

/** How long one component may take to answer. */
const PATIENCE_MS = 2_500;

type Check = [name: string, ask: () => Promise<unknown>];

/** `/healthz`: the process is up. `/readyz`: what it needs answers too. `/metrics` for Prometheus. */
export function mountHealth(app: Express, at: RouteDependencies): void {
  app.get('/healthz', (_request, response) => {
    routed(response, '/healthz');
    response.json({ status: 'alive' });
  });
  app.get('/readyz', async (_request, response) => {
    routed(response, '/readyz');
    const readiness = await readinessOf(at);
    response.status(readiness.ready ? 200 : 503).json(readiness);
  });
  app.get('/metrics', async (_request, response) => {
    routed(response, '/metrics');
    const { registry } = at.metrics;
    response.type(registry.contentType).send(await registry.metrics());
  });
}

async function readinessOf(at: RouteDependencies): Promise<Readiness> {
  const checks: Check[] = [
    // A table rather than `select 1`: a database without the migrations is not ready.
    ['postgres', () => at.db('feed_head').first('revision')],
    ['temporal', () => at.workflows.ping(PATIENCE_MS)],
    ['objects', () => at.objects.health()],
  ];
  const answers = await Promise.all(checks.map(([name, ask]) => answerOf(name, ask)));
  return { ready: answers.every(([, { ready }]) => ready), components: Object.fromEntries(answers) };
}

async function answerOf(name: string, ask: () => Promise<unknown>) {
  try {
    await within(ask());
    return [name, { ready: true }] as const;
  } catch {
    // Why is in the component's own log; an error's text may name hosts and users.
    return [name, { ready: false, detail: `${name} does not answer` }] as const;
  }
}

function within(work: Promise<unknown>): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), PATIENCE_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
