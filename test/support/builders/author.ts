import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { manifestSchema } from '../../../contracts/releases/manifest';
import type { PublishRequest, Receipt } from '../../../contracts/releases/publish';
import type { RolloutInput } from '../../../contracts/releases/rolloutInput';
import type { ReleaseState } from '../../../core/releases/state';
import type { SigningKey } from '../../../pxp/signing';
import { planParts } from '../../../pxp/uploadParts';
import type { Client } from '../../../sdk/client';
import { eventually } from '../waiting';
import { createKey, sign } from './keys';
import { createManifest } from './manifest';
import { buildPackage } from './packages';
import { createPublishRequest } from './submission';

/** A package that was really built and signed, with the request that announces it. */
export interface Prepared {
  request: PublishRequest;
  file: string;
  starts: number[];
}

/** An author with a signing key of their own, and a folder for what they build. */
export interface Author {
  key: SigningKey;
  /** `health` is the script of the plugin's health check; by default it is always well. */
  prepare(
    pluginId: string,
    version: string,
    rollout?: RolloutInput,
    health?: string,
    timeoutSeconds?: number,
    minCore?: string,
  ): Promise<Prepared>;
  leave(): Promise<void>;
}

export async function createAuthor(): Promise<Author> {
  const folder = await mkdtemp(path.join(tmpdir(), 'spillway-author-'));
  const key = await createKey();
  return {
    key,
    async prepare(pluginId, version, rollout, health = 'process.exit(0);\n', timeoutSeconds = 15, minCore?) {
      const check = { script: 'dist/health.cjs', timeoutSeconds };
      const runtime = { kind: 'process' as const, entry: 'dist/index.js', health: check };
      const manifest = createManifest({
        ...{ id: pluginId, version, runtime },
        ...(minCore === undefined ? {} : { min_core: minCore }),
      });
      const files = {
        'dist/index.js': `exports.version = ${JSON.stringify(version)};\n`,
        'dist/health.cjs': health,
      };
      const built = await buildPackage(folder, files, { manifest, sign: (bytes) => sign(bytes, key) });
      const parts = await planParts(built.path, { partBytes: Math.max(1, Math.ceil(built.bytes / 3)) });
      const artefact = {
        fileName: path.basename(built.path),
        bytes: built.bytes,
        sha256: built.sha256,
        manifestDigest: built.manifestDigest,
        signedBy: key.fingerprint,
        parts: parts.map(({ number, bytes, sha256, md5 }) => ({ number, bytes, sha256, md5 })),
      };
      const base = { pluginId, version, manifest: manifestSchema.parse(manifest), artefact };
      const request = createPublishRequest({ ...base, ...(rollout ? { rollout } : {}) });
      return { request, file: built.path, starts: parts.map(({ start }) => start) };
    },
    leave: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Publishes and uploads, as the command line does it; the release is being checked after that. */
export async function publishAndUpload(
  client: Client,
  { request, file, starts }: Prepared,
): Promise<Receipt> {
  const receipt = await client.releases.publish(request);
  const plan = await client.releases.readUploadPlan(receipt.versionId);
  for (const { number, bytes, put } of plan.parts) {
    if (put) await client.releases.uploadPart({ put, file, start: starts[number - 1] ?? 0, bytes });
  }
  await client.releases.finaliseUpload(receipt.versionId);
  return receipt;
}

/** Waits until a release has reached one of some states; returns which. */
export const reach = (client: Client, id: string, states: ReleaseState[]): Promise<ReleaseState> =>
  eventually(`${id} ${states.join(' or ')}`, async () => {
    const { state } = await client.releases.read(id);
    if (!states.includes(state)) throw new Error(`it is ${state}`);
    return state;
  });
