import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { EndedJob } from './jobs/finishJob';

const SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** What is read when the metrics are. */
interface Gauges {
  outbox: () => Promise<number>;
  revision: () => number;
  /** When the feed was acted on last; null before the first time. */
  appliedAt: () => Date | null;
  sandbox: { driver: string; strength: string };
}

/** The host's metrics. One registry per host, so that several can run in one process. */
export function createMetrics(gauges: Gauges) {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const jobs = new Counter({
    name: 'spillway_host_jobs_total',
    help: 'Jobs that ended, by outcome.',
    labelNames: ['kind', 'outcome'],
    registers,
  });
  const seconds = new Histogram({
    name: 'spillway_host_job_seconds',
    help: 'Time from the request of a job to its end.',
    labelNames: ['kind', 'outcome'],
    buckets: SECONDS,
    registers,
  });
  const phases = new Histogram({
    name: 'spillway_host_phase_seconds',
    help: 'Duration of each phase; the phase restore undoes an installation.',
    labelNames: ['phase', 'ok'],
    buckets: SECONDS,
    registers,
  });
  addGauges(registers, gauges);
  return {
    registry,
    jobEnded({ job, outcome, elapsedMs }: EndedJob): void {
      jobs.inc({ kind: job.kind, outcome });
      seconds.observe({ kind: job.kind, outcome }, elapsedMs / 1000);
    },
    phaseEnded: (phase: string, ms: number, ok: boolean): void =>
      phases.observe({ phase, ok: String(ok) }, ms / 1000),
  };
}

function addGauges(registers: Registry[], gauges: Gauges): void {
  new Gauge({
    name: 'spillway_host_outbox_reports',
    help: 'Reports that the marketplace has not accepted yet.',
    registers,
    async collect() {
      this.set(await gauges.outbox());
    },
  });
  new Gauge({
    name: 'spillway_host_feed_revision',
    help: 'The revision up to which the feed was read.',
    registers,
    collect() {
      this.set(gauges.revision());
    },
  });
  new Gauge({
    name: 'spillway_host_feed_applied_timestamp_seconds',
    help: 'When the host last acted on all that the feed said; 0 before the first time.',
    registers,
    collect() {
      this.set((gauges.appliedAt()?.getTime() ?? 0) / 1000);
    },
  });
  new Gauge({
    name: 'spillway_host_sandbox_info',
    help: 'The driver that runs plugins, and its strength, as labels; always 1.',
    labelNames: ['driver', 'strength'],
    registers,
  }).set({ driver: gauges.sandbox.driver, strength: gauges.sandbox.strength }, 1);
}

export type HostMetrics = ReturnType<typeof createMetrics>;
