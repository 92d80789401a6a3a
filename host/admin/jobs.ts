import { randomUUID } from 'node:crypto';
import { refusal } from '../../core/errors/errors';
import { formatVersionId } from '../../core/ids';
import { isNewer } from '../../core/version';
import { activeVersion } from '../disk/activeVersion';
import { checkAddress } from '../download/addressGuard';
import { backupBefore } from '../disk/backups';
import type { Host } from '../host';
import type { Job } from '../disk/jobRecord';
import { declineVersions } from '../disk/pluginState';
import { toSource } from '../follow/reconcile';
import { offeredVersions, latestEntry } from '../follow/offers';
import type { z } from 'zod';
import type { chooseVersionSchema, installByUrlSchema } from './requests';

type NewJob = Pick<Job, 'kind' | 'pluginId' | 'version' | 'source' | 'stage' | 'force'>;

async function beginJob({ jobs }: Host, wish: NewJob, now: Date): Promise<string> {
  const job: Job = { jobId: randomUUID(), requestedAt: now.toISOString(), ...wish };
  await jobs.begin(job);
  return job.jobId;
}

/** Installs a package from an address (INS-01). What the address says by itself is checked at once. */
export async function installByUrl(
  host: Host,
  body: z.output<typeof installByUrlSchema>,
  now: Date,
): Promise<string> {
  const { url, sha256, pluginId, version, force } = body;
  if (!URL.canParse(url))
    throw refusal('INSTALL_SOURCE_REFUSED', 'The address of the package is not a URL.', '/url');
  checkAddress(new URL(url), host.config.allowedOrigins);
  const source = { by: 'url' as const, url, ...(sha256 === undefined ? {} : { sha256 }) };
  return await beginJob(host, { kind: 'install', pluginId, version, source, stage: 0, force }, now);
}

/**
 * Installs the version that the tenant chose, older or newer (INS-06). It must be offered. Newer ones
 * that are offered already are not taken by themselves afterwards: the tenant saw them and chose.
 */
export async function installVersion(
  host: Host,
  pluginId: string,
  { version, force }: z.output<typeof chooseVersionSchema>,
  now: Date,
): Promise<string> {
  const offered = offeredVersions(host.offers(), pluginId, host.config.tenantId);
  const entry = offered.find((each) => each.version === version);
  if (!entry) throw refuseVersion(host, pluginId, version);
  const source = toSource(host.marketplace, entry, 'admin');
  const jobId = await beginJob(
    host,
    { kind: 'install', pluginId, version, source, stage: entry.stage, force },
    now,
  );
  const declined = offered.map((each) => each.version).filter((each) => isNewer(each, version));
  if (declined.length > 0) await declineVersions(host.layout.plugin(pluginId), declined);
  return jobId;
}

function refuseVersion(host: Host, pluginId: string, version: string) {
  const versionId = formatVersionId(pluginId, version);
  const word = latestEntry(host.offers(), pluginId, version);
  if (!word) return refusal('NOT_FOUND', `The marketplace offers no ${versionId}.`, '/version');
  if (word.kind === 'withdraw')
    return refusal('VERSION_WITHDRAWN', `${versionId} was withdrawn.`, '/version');
  return refusal('NOT_IN_STAGE', `${versionId} is not offered to this tenant yet.`, '/version');
}

/** Returns to what was there before the active version, which is not taken by itself again. */
export async function rollBack(host: Host, pluginId: string, now: Date): Promise<string> {
  const plugin = host.layout.plugin(pluginId);
  const version = await activeVersion(plugin);
  if (version === null) throw refusal('PLUGIN_NOT_INSTALLED', `${pluginId} is not installed.`);
  if (!(await backupBefore(plugin, version))) {
    throw refusal(
      'INSTALL_BACKUP_MISSING',
      `There is no backup from before ${formatVersionId(pluginId, version)}.`,
    );
  }
  const stage = latestEntry(host.offers(), pluginId, version)?.stage ?? 0;
  const source = { by: 'admin' as const, url: '' };
  const jobId = await beginJob(host, { kind: 'return', pluginId, version, source, stage, force: false }, now);
  await declineVersions(plugin, [version]);
  return jobId;
}
