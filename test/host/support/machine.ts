import { appendFile, copyFile } from 'node:fs/promises';
import path from 'node:path';
import pino from 'pino';
import type { Report } from '../../../contracts/installations/reports';
import { hostLayout, type Layout } from '../../../host/disk/layout';
import type { InstallServices } from '../../../host/install/installation';
import { createJobs } from '../../../host/jobs/jobs';
import { createTroubles } from '../../../host/jobs/troubles';
import { createClock } from '../../../host/marketplace/clock';
import { createOutbox } from '../../../host/marketplace/outbox';
import type { SigningKey } from '../../../pxp/signing';

const trusted = (key: SigningKey) => ({
  publisherId: 'example',
  keys: [
    {
      fingerprint: key.fingerprint,
      armored: key.publicKeyArmored,
      expiresAt: null,
      revokedAt: null,
      revokedReason: null,
    },
  ],
});

function servicesIn(layout: Layout, key: SigningKey, healthy: boolean): InstallServices {
  return {
    layout,
    hostVersion: '1.0.0',
    minFreeBytes: 0,
    now: () => new Date(),
    download: (source, target) => copyFile(source.url, target),
    trustedKeys: () => Promise.resolve(trusted(key)),
    trust: () => Promise.resolve(),
    async runHealth({ data, version }) {
      await appendFile(path.join(data, 'log'), `${version}\n`);
      return { healthy, reason: 'As the test says.', output: '' };
    },
    isWithdrawn: () => false,
    endorsedKeys: () => undefined,
    clock: createClock(),
  };
}

/** The jobs of a host on its files, with health checks that end as the test says. */
export function machineIn(folder: string, key: SigningKey, healthy: boolean) {
  const layout = hostLayout(folder);
  const sent: Report[] = [];
  const outbox = createOutbox(layout, { report: (reports) => Promise.resolve(void sent.push(...reports)) });
  const services = servicesIn(layout, key, healthy);
  const jobs = createJobs({
    services,
    finishing: { layout, outbox, troubles: createTroubles(services.now), now: services.now },
    onPhase: () => () => undefined,
    log: pino({ level: 'silent' }),
    parallel: 2,
    signal: new AbortController().signal,
    onEnd: () => undefined,
  });
  return { layout, services, jobs, outbox, sent };
}
