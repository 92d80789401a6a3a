import { setTimeout as sleep } from 'node:timers/promises';
import { launch, type Child } from '../../platform/processes/child';
import { countFailures, getBackoffMs } from '../../core/backoff';
import { getErrorMessage } from '../../core/errors/thrown';
import { InfraFailure } from '../terminal/failure';
import { waitUntilReady } from '../../platform/processes/ready';
import type { Component, ComponentHooks, Say, ServiceSpec } from './component';
import type { ComponentRecord } from './state';

/** A first start may lose a race (a port, a database that still recovers); more than this is a fault to show. */
const FIRST_START_ATTEMPTS = 3;
const BACKOFF = { firstMs: 500, longestMs: 15_000 };
/** Whoever lived this long was not in a crash loop: its next failure counts as the first. */
const HEALTHY_MS = 30_000;

/** Runs one process, starts it again when it dies, and says so; on the same port and data as before. */
export class Service implements Component {
  readonly name: string;
  readonly title: string;
  readonly dependsOn: readonly string[];
  readonly record: ComponentRecord;
  private readonly stopping = new AbortController();
  private child?: Child;
  /** The process that `kill` hit: its last answers do not count as readiness. */
  private doomed?: Child;
  private restarting: Promise<void> = Promise.resolve();

  constructor(
    private readonly spec: ServiceSpec,
    private readonly hooks: ComponentHooks,
  ) {
    const { name, title, dependsOn, address, logFile } = spec;
    this.name = name;
    this.title = title;
    this.dependsOn = dependsOn;
    this.record = { name, title, origin: '', state: 'waiting', address, logFile, restarts: 0 };
  }

  async start(say: Say): Promise<void> {
    this.set({ state: 'starting', ...(await this.spec.prepare(say)) });
    let reason = await this.tryOnce();
    for (let attempt = 1; reason !== undefined && attempt < FIRST_START_ATTEMPTS; attempt++) {
      if (this.isStopping() || reason.startsWith('not ready after')) break;
      say(`${reason}; trying again`);
      await sleep(getBackoffMs(attempt, BACKOFF));
      reason = await this.tryOnce();
    }
    if (reason !== undefined) throw this.failure(reason);
    await this.spec.afterFirstStart?.();
    this.set({ state: 'ready' });
    this.watch(0);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.child?.stop(this.spec.graceMs);
    await this.restarting;
    this.set({ state: 'stopped', process: undefined });
  }

  kill(signal: NodeJS.Signals): boolean {
    if (!this.child || this.child.hasExited()) return false;
    if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') this.doomed = this.child;
    this.child.kill(signal);
    return true;
  }

  async untilReady(): Promise<void> {
    const probe = async (): Promise<void> => {
      if (this.child === this.doomed || this.child?.hasExited()) throw new Error('is not running');
      await this.spec.probe();
    };
    const readiness = await waitUntilReady({ probe, deadlineMs: this.spec.deadlineMs });
    if (!readiness.ready) throw this.failure(readiness.reason);
  }

  private isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  private set(change: Partial<ComponentRecord>): void {
    Object.assign(this.record, change);
    this.hooks.changed();
  }

  private failure(reason: string): InfraFailure {
    this.set({ state: 'failed' });
    return new InfraFailure(
      this.title,
      reason,
      'read the end of its log, then start again',
      this.spec.logFile,
    );
  }

  private tryOnce(): Promise<string | undefined> {
    return this.startOnce().catch(getErrorMessage);
  }

  /** Returns why it did not become ready, or undefined when it did. */
  private async startOnce(): Promise<string | undefined> {
    const { spec } = this;
    const command = await spec.command();
    if (this.isStopping()) return 'was stopped';
    const child = await launch(command);
    this.child = child;
    this.set({ process: child.identity, stopSignal: command.stopSignal });
    const ended = child.exited;
    const readiness = await waitUntilReady({ probe: spec.probe, deadlineMs: spec.deadlineMs, ended });
    if (readiness.ready && !this.isStopping()) return undefined;
    await child.stop(spec.graceMs);
    return readiness.ready ? 'was stopped' : readiness.reason;
  }

  private watch(failures: number): void {
    const since = performance.now();
    void this.child?.exited.then((how) => {
      if (this.isStopping()) return;
      this.restarting = this.restart(how, countFailures(failures, performance.now() - since, HEALTHY_MS));
    });
  }

  private async restart(how: string, firstFailures: number): Promise<void> {
    const died = performance.now();
    let failures = firstFailures;
    for (let reason: string | undefined = how; reason !== undefined;) {
      await this.announceAndPause(reason, getBackoffMs(failures, BACKOFF));
      if (this.isStopping()) return;
      reason = await this.tryOnce();
      if (this.isStopping()) return;
      if (reason !== undefined) failures++;
    }
    this.set({ state: 'ready' });
    this.hooks.announce(`${this.title} is back (${((performance.now() - died) / 1000).toFixed(1)} s)`);
    this.watch(failures);
  }

  private async announceAndPause(reason: string, pauseMs: number): Promise<void> {
    this.set({ state: 'restarting', restarts: this.record.restarts + 1 });
    const { title, spec } = this;
    this.hooks.announce(
      `${title} ${reason}; starting it again in ${pauseMs / 1000} s · log: ${spec.logFile}`,
    );
    await sleep(pauseMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}
