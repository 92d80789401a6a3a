import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { FeedEntry } from '../../contracts/rollouts/feed';
import { Refusal, problem, type Problem } from '../../core/errors/errors';
import { checkHostVersion } from '../../core/releases/hostRange';
import { activeVersion } from '../disk/activeVersion';
import type { Layout } from '../disk/layout';
import { checkRoom } from '../disk/room';
import type { Troubles } from '../jobs/troubles';
import type { Clock } from '../marketplace/clock';
import { makeReportId, type Outbox } from '../marketplace/outbox';

interface HostFacts {
  layout: Layout;
  hostVersion: string;
  maxPackageBytes: number;
  minFreeBytes: number;
}

/** Why this host cannot take a version, before anything is fetched; undefined where nothing stands in the way. */
export async function findObstacle(
  { layout, hostVersion, maxPackageBytes, minFreeBytes }: HostFacts,
  { package: { bytes }, requires = {} }: FeedEntry,
): Promise<Problem | undefined> {
  const [incompatible] = checkHostVersion(requires, hostVersion);
  if (incompatible) return incompatible;
  if (bytes > maxPackageBytes) {
    const detail = `The package has ${bytes} bytes; SPILLWAY_MAX_PACKAGE_BYTES of this host allows ${maxPackageBytes}.`;
    return problem('HOST_POLICY', detail);
  }
  const [full] = await checkRoom(layout.root, bytes, minFreeBytes);
  return full;
}

/** Where what was signed is refused for its time, and this machine's clock is wrong, the clock is the reason. */
export function blameClock(error: unknown, clock: Pick<Clock, 'fault'>): Problem | undefined {
  const isOfTime = error instanceof Refusal && ['TRUST_EXPIRED', 'TRUST_CLOCK'].includes(error.code);
  const fault = isOfTime ? clock.fault() : undefined;
  return fault === undefined
    ? undefined
    : problem('HOST_CLOCK', `${fault} By it, what the marketplace signed is of another time.`);
}

export interface TellDeps {
  layout: Layout;
  troubles: Pick<Troubles, 'meet'>;
  outbox: Pick<Outbox, 'tell'>;
  now: () => Date;
  log: Logger;
  /** Called when there is something to deliver. */
  onTold: () => void;
}

/** Notes what keeps a version away, and tells the marketplace once: its tenant is told, and the rollout does without. */
export async function tellObstacle(
  { layout, troubles, outbox, now, log, onTold }: TellDeps,
  { pluginId, version, stage }: FeedEntry,
  { code, detail }: Problem,
): Promise<void> {
  if (!troubles.meet({ pluginId, version, code, detail })) return;
  log.warn({ pluginId, version, errorCode: code, detail }, 'the version waits for this host');
  await outbox.tell({
    reportId: makeReportId(randomUUID(), 'failed'),
    kind: 'failed',
    ...{ pluginId, version, stage },
    activeVersion: await activeVersion(layout.plugin(pluginId)),
    at: now().toISOString(),
    elapsedMs: 0,
    errorCode: code,
    detail,
  });
  onTold();
}
