import { existsSync } from 'node:fs';
import { readdir, readlink } from 'node:fs/promises';
import path from 'node:path';
import type { RealStack } from '../../support/servers/realStack';
import { whileStruck, type Phase } from './cases';
import { until } from '../../support/waiting';

const UNTIL_ROLLED_OUT = [
  ...['draft → uploading', 'uploading → scanning', 'scanning → in_review', 'in_review → approved'],
  ...['approved → scheduled', 'scheduled → listed', 'listed → rolling_out'],
];

/** Every transition of a release that nothing happened to, in order, each once. */
export const expectedTransitions = (phase: Phase): string[] => [
  ...UNTIL_ROLLED_OUT,
  phase === 'rollback' ? 'rolling_out → rolled_back' : 'rolling_out → completed',
];

/** The transition that leaves a phase: it must be later than the blow, or the blow missed. */
export const leaves: Record<Phase, string> = {
  upload: 'uploading → scanning',
  scan: 'scanning → in_review',
  review: 'in_review → approved',
  rollout: 'rolling_out → completed',
  rollback: 'rolling_out → rolled_back',
};

export interface Transition {
  step: string;
  at: Date;
}

interface TransitionRow {
  from_state: string;
  to_state: string;
  at: Date;
}

/** What the database tells of a version, by the tables that must hold each thing once. */
export async function readRecords({ db }: RealStack, versionId: string) {
  const releases = await db('releases').where({ version_id: versionId }).select<{ id: string }[]>('id');
  const releaseIds = releases.map(({ id }) => id);
  const rows: TransitionRow[] = await db('release_transitions')
    .whereIn('release_id', releaseIds)
    .orderBy('seq')
    .select('from_state', 'to_state', 'at');
  return {
    releases: releases.length,
    versions: (await db('versions').where({ id: versionId })).length,
    transitions: rows.map((row): Transition => ({ step: `${row.from_state} → ${row.to_state}`, at: row.at })),
    messages: await listMessages(db, releaseIds),
    undelivered: (await db('outbox').whereIn('release_id', releaseIds).whereNull('delivered_at')).length,
    stages: await db('rollout_stages')
      .where({ version_id: versionId })
      .orderBy('stage')
      .select<{ stage: number; started_at: Date; ends_at: Date; verdict: string }[]>('*'),
  };
}

/** Kind and recipient of every message in the outbox, in order of the alphabet. */
async function listMessages(db: RealStack['db'], releaseIds: string[]): Promise<string[]> {
  const rows: { kind: string; to: string }[] = await db('outbox')
    .whereIn('release_id', releaseIds)
    .select(db.raw(`body->>'kind' as kind`), db.raw(`recipient_kind || ' ' || recipient_id as "to"`));
  return rows.map(({ kind, to }) => `${kind} to ${to}`).sort();
}

/** Kinds of the messages about a version in a tenant's inbox. */
export async function readInbox(real: RealStack, tenant: string, versionId: string): Promise<string[]> {
  const { notifications } = await real.tenants[tenant]!.notifications.listForTenant({ limit: 200 });
  return notifications
    .filter((each) => each.versionId === versionId)
    .map(({ kind }) => kind)
    .sort();
}

/** Every run of a workflow that there ever was under an id, with how it ended. */
export async function listRuns({ temporal }: RealStack, workflowId: string): Promise<string[]> {
  const runs: string[] = [];
  for await (const each of temporal.workflow.list({ query: `WorkflowId = "${workflowId}"` }))
    runs.push(each.status.name);
  return runs;
}

interface InstalledPlugin {
  id: string;
  version: string | null;
}

/** What a tenant's host says that it runs of a plugin. */
async function installedOn({ stack }: RealStack, tenant: string, pluginId: string) {
  const answer = await fetch(`${stack.addresses.hosts[tenant]}/api/v1/admin/plugins`, {
    headers: { authorization: `Bearer ${stack.secrets.hostAdminTokens[tenant]}` },
  });
  const { plugins } = (await answer.json()) as { plugins: InstalledPlugin[] };
  return plugins.find(({ id }) => id === pluginId)?.version ?? undefined;
}

/** Waits until a host runs a version, by its report and by its disk. */
export async function untilInstalled(real: RealStack, tenant: string, pluginId: string, version: string) {
  const folder = path.join(real.stateDir, 'hosts', tenant, 'plugins', pluginId);
  await until(
    `${version} on ${tenant}`,
    async () => {
      const said = await installedOn(real, tenant, pluginId);
      return said === version && (await readlink(path.join(folder, 'active'))) === `versions/${version}`;
    },
    whileStruck,
  );
  return folder;
}

/** What is amiss below a plugin's folder: versions without their files, and drafts that a crash left. */
export async function halfInstalled(folder: string): Promise<string[]> {
  const versions = await readdir(path.join(folder, 'versions'));
  const incomplete = versions.filter(
    (each) => !existsSync(path.join(folder, 'versions', each, 'dist/index.js')),
  );
  const drafts = (await readdir(folder)).filter((name) => name.startsWith('.') || /\.(tmp|part)$/.test(name));
  return [...incomplete, ...drafts];
}

/** Jobs that a host has not cleaned up after. */
export const stagedOn = (real: RealStack, tenant: string): Promise<string[]> =>
  readdir(path.join(real.stateDir, 'hosts', tenant, 'staging'));
