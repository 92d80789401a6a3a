import { InfraFailure } from '../terminal/failure';
import type { Progress, Step } from '../terminal/progress';
import type { Component } from './component';

/** Seconds from the moment when a component could start to the moment when it was ready. */
export interface Timings {
  totalSeconds: number;
  components: Record<string, number>;
}

/**
 * Starts every component as soon as those that it depends on are ready, and returns how long each took.
 * @throws the first failure; components that depend on it are not started
 */
export async function startInOrder(
  components: readonly Component[],
  progress: Progress,
  signal?: AbortSignal,
): Promise<Timings> {
  const began = performance.now();
  const seconds: Record<string, number> = {};
  const started = new Map<string, Gate>(components.map(({ name }) => [name, createGate()]));
  const steps = components.map((component): Step => ({
    title: component.title,
    after: waitForAll(component, started),
    run: async (say) => {
      const from = performance.now();
      try {
        await startUnless(component, say, signal);
      } catch (error) {
        started.get(component.name)?.fail(new Error(`not started, because it needs ${component.title}`));
        throw error;
      }
      seconds[component.name] = secondsSince(from);
      started.get(component.name)?.open();
      return describe(component);
    },
  }));
  await progress.steps(steps, { concurrent: true });
  return { totalSeconds: secondsSince(began), components: seconds };
}

/** A component that cannot start closes the way for those behind it, too. */
async function waitForAll(
  { name, dependsOn, title }: Component,
  started: ReadonlyMap<string, Gate>,
): Promise<void> {
  try {
    await Promise.all(dependsOn.map((dependency) => started.get(dependency)?.opened));
  } catch (error) {
    started.get(name)?.fail(new Error(`not started, because it needs ${title}`));
    throw error;
  }
}

async function startUnless(
  component: Component,
  say: (text: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  const interrupted = (): InfraFailure =>
    new InfraFailure('stack', 'the start was interrupted', 'start it again');
  if (signal?.aborted) throw interrupted();
  const onAbort = (): void => void component.stop();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    await component.start(say);
  } catch (error) {
    throw signal?.aborted ? interrupted() : error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

function describe({ title, record }: Component): string {
  const version = record.version ? ` ${record.version}` : '';
  return `${title}${version} · ${record.origin}${record.address ? ` · ${record.address}` : ''}`;
}

const secondsSince = (from: number): number => Math.round(performance.now() - from) / 1000;

interface Gate {
  opened: Promise<void>;
  open(): void;
  fail(reason: Error): void;
}

function createGate(): Gate {
  let open = (): void => undefined;
  let fail: (reason: Error) => void = () => undefined;
  const opened = new Promise<void>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  // Nobody may be waiting at this gate; then its failure is told by the component alone.
  opened.catch(() => undefined);
  return { opened, open, fail };
}
