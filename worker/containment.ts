import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { Gauge, type Registry } from 'prom-client';
import { alertContainmentLost } from '../adapters/db/operations/containment';
import type { Containment, Trial } from '../adapters/scanners/compatibility/trial';
import { MINUTE } from '../core/duration';
import { getErrorMessage } from '../core/errors/thrown';
import { repeat } from '../platform/repeat';
import { NotReady } from '../platform/server/readiness';
import type { LoopContext } from './waitForComponent';

const EVERY_MS = MINUTE;

/** How this machine contains the code of trials, as it was found at the start and as it is now. */
export interface ContainmentWatch {
  /** What was found at the start. */
  atStart: Promise<Containment>;
  /**
   * For `/readyz`. A machine that never had a strong sandbox is no reason to restart a worker.
   *
   * @throws NotReady when the sandbox was strong at the start and is not any more
   */
  describe(): Promise<string>;
  /** Tries the sandbox out once more; operators are told when it has become weak. */
  look(now: Date): Promise<Containment>;
}

/** Tries the sandbox out at once. Where it is strong no more, trials do not run until it is again. */
export function watchContainment(
  trial: Trial,
  { db, registry }: { db: Knex; registry: Registry },
): ContainmentWatch {
  const strong = createGauge(registry);
  const note = (found: Containment): Containment => {
    latest = found;
    strong.set(found.strength === 'strong' ? 1 : 0);
    return found;
  };
  let latest: Containment | undefined;
  const atStart = trial.detect().then(note);
  return {
    atStart,
    async describe() {
      const first = await atStart;
      const { driver, strength } = latest ?? first;
      if (first.strength === 'strong' && strength !== 'strong')
        throw new NotReady(`strong at the start, now ${driver} (${strength}): no trial runs`);
      return `${driver} (${strength})`;
    },
    async look(now) {
      const first = await atStart;
      const found = note(await trial.detect());
      if (first.strength === 'strong' && found.strength !== 'strong')
        await alertContainmentLost(db, found, now);
      return found;
    },
  };
}

/** Looks every minute until it is asked to end; only where the sandbox was strong is there anything to lose. */
export async function keepContained(watch: ContainmentWatch, { logger, signal }: LoopContext): Promise<void> {
  const first = await watch.atStart;
  if (first.strength !== 'strong') return;
  let before: Containment['strength'] = first.strength;
  await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined);
  await repeat(signal, async () => {
    await watch.look(new Date()).then(
      (found) => {
        if (found.strength !== before)
          logger.warn(found, 'how trial installations are contained has changed');
        before = found.strength;
      },
      (error: unknown) => logger.warn({ reason: getErrorMessage(error) }, 'the operators could not be told'),
    );
    return EVERY_MS;
  });
}

const createGauge = (registry: Registry): Gauge =>
  new Gauge({
    name: 'spillway_sandbox_strong',
    help: 'Whether the sandbox of trial installations holds hostile code: 1 or 0.',
    registers: [registry],
  });
