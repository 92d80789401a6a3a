import { createHash, randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { Submission } from '../../../contracts/releases/messages';
import { publishRequestSchema, type PublishRequest } from '../../../contracts/releases/publish';
import { reportSchema, type Report } from '../../../contracts/installations/reports';
import { registerIdentity } from '../../../adapters/db/identity/identities';
import { registerKey } from '../../../adapters/db/identity/keys';
import { putSubscription } from '../../../adapters/db/notifications/subscriptions';

/** The day on which tests happen, unless they say otherwise. */
export const TODAY = new Date('2026-11-21T09:00:00.000Z');

export const origin = { actor: 'acme-publisher', requestId: 'request-1' };

export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A fingerprint that stands for a name, for tests that never verify a signature. */
export const fingerprintOf = (name: string): string => sha256Of(name).slice(0, 40).toUpperCase();

export const manifestOf = (id: string, version: string) => ({
  id,
  name: `The ${id} plugin`,
  version,
  description: 'Shows things.',
  permissions: ['storage.read'],
  runtime: {
    kind: 'process' as const,
    entry: 'dist/main.js',
    health: { script: 'dist/health.js', timeoutSeconds: 5 },
  },
});

/** A publish request whose digests are those of its names; `over` replaces whole fields. */
export function publishRequest(over: Partial<PublishRequest> = {}): PublishRequest {
  const { pluginId = 'demo-plugin', version = '1.0.0' } = over;
  const bytes = 1000;
  return publishRequestSchema.parse({
    publishRequestId: randomUUID(),
    pluginId,
    version,
    channel: 'stable',
    manifest: manifestOf(pluginId, version),
    notes: 'First light.',
    notesSource: 'flag',
    artefact: {
      fileName: `${pluginId}-${version}-any-any.pxp`,
      bytes,
      sha256: sha256Of(`package ${pluginId}@${version}`),
      manifestDigest: sha256Of(`integrity ${pluginId}@${version}`),
      signedBy: fingerprintOf('acme'),
      parts: [{ number: 1, bytes, sha256: sha256Of('part 1'), md5: 'AAAAAAAAAAAAAAAAAAAAAA==' }],
    },
    ...over,
  });
}

/** A submission by the publisher `acme`, digested over everything but its request id, as the API does. */
export function submission(over: Partial<PublishRequest> = {}, by: Partial<Submission> = {}): Submission {
  const request = publishRequest(over);
  return {
    ...origin,
    publisherId: 'acme',
    callId: randomUUID(),
    submissionDigest: sha256Of(JSON.stringify({ ...request, publishRequestId: undefined })),
    request,
    ...by,
  };
}

/** Registers a publisher with a key by the publisher's name; gives its first token. */
export async function addPublisher(knex: Knex, id = 'acme'): Promise<string> {
  const { token } = await registerIdentity(knex, { kind: 'publisher', id, name: id }, origin, TODAY);
  await addKey(knex, id, id);
  return token ?? '';
}

/** Registers a key, known by its name, to a publisher. */
export async function addKey(knex: Knex, publisherId: string, name: string): Promise<void> {
  const key = { publisherId, fingerprint: fingerprintOf(name), armored: `key of ${name}`, expiresAt: null };
  await registerKey(knex, key, origin, TODAY);
}

/** Registers tenants; gives their first tokens by id. */
export async function addTenants(knex: Knex, ids: readonly string[]): Promise<Map<string, string>> {
  const tokens = new Map<string, string>();
  for (const id of ids) {
    const { token } = await registerIdentity(knex, { kind: 'tenant', id, name: id }, origin, TODAY);
    tokens.set(id, token ?? '');
  }
  return tokens;
}

/** Subscribes tenants to a plugin's stable channel. */
export async function subscribe(
  knex: Knex,
  tenantIds: readonly string[],
  pluginId = 'demo-plugin',
  autoUpgrade = true,
): Promise<void> {
  for (const id of tenantIds) {
    await putSubscription(knex, id, pluginId, { channel: 'stable', autoUpgrade }, TODAY);
  }
}

/** A host's report of a successful installation in stage 1, unless `over` says otherwise. */
export const report = (over: Partial<Report> = {}): Report =>
  reportSchema.parse({
    reportId: randomUUID(),
    kind: 'installed',
    pluginId: 'demo-plugin',
    version: '1.0.0',
    activeVersion: '1.0.0',
    stage: 1,
    at: TODAY.toISOString(),
    elapsedMs: 1200,
    ...over,
  });
