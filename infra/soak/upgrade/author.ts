import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { manifestSchema } from '../../../contracts/releases/manifest';
import type { PublishRequest } from '../../../contracts/releases/publish';
import type { RolloutInput } from '../../../contracts/releases/rolloutInput';
import { createPackage } from '../../../pxp/createPackage';
import { generateSigningKey, signDetached } from '../../../pxp/signing';
import type { KeyToRegister } from '../../../sdk/identity/keys';
import { planUpload } from '../../../pxp/uploadParts';

/** A signed package, and the request that announces it in three parts. */
export interface Prepared {
  versionId: string;
  request: PublishRequest;
  file: string;
  starts: readonly number[];
}

export interface Author {
  key: KeyToRegister;
  /** @param health the script of the plugin's health check */
  prepare(pluginId: string, version: string, rollout: RolloutInput, health: string): Promise<Prepared>;
}

/** Somebody with a signing key, who builds packages below a folder. */
export async function createAuthor(folder: string): Promise<Author> {
  const key = await generateSigningKey({ name: 'Acme', email: 'dev@example.com' });
  const sign = (bytes: Uint8Array): Promise<string> => signDetached(bytes, key.privateKeyArmored);
  return {
    key: { armored: key.publicKeyArmored, fingerprint: key.fingerprint, sign },
    async prepare(pluginId, version, rollout, health) {
      const root = path.join(folder, `${pluginId}-${version}`);
      const manifest = manifestSchema.parse(describePlugin(pluginId, version));
      await writePlugin(root, version, health);
      const built = await createPackage({ root, outputDir: folder, manifest, sign });
      const plan = await planUpload(built.path, { partBytes: Math.ceil(built.bytes / 3) });
      const parts = plan.parts.map(({ number, bytes, sha256, md5 }) => ({ number, bytes, sha256, md5 }));
      const { bytes, sha256, manifestDigest } = built;
      const artefact = { bytes, sha256, manifestDigest, parts, fileName: path.basename(built.path) };
      const request: PublishRequest = {
        ...{ publishRequestId: randomUUID(), pluginId, version, channel: 'stable', manifest, rollout },
        ...{ notes: 'A version that sees an upgrade.', notesSource: 'flag' },
        artefact: { ...artefact, signedBy: key.fingerprint },
      };
      const starts = plan.parts.map(({ start }) => start);
      return { versionId: `${pluginId}@${version}`, request, file: built.path, starts };
    },
  };
}

const describePlugin = (id: string, version: string) => ({
  ...{ id, version, name: 'Notes', permissions: ['notes.page.read'] },
  runtime: { kind: 'process', entry: 'dist/index.js', health: { script: 'dist/health.js' } },
});

async function writePlugin(root: string, version: string, health: string): Promise<void> {
  await mkdir(path.join(root, 'dist'), { recursive: true });
  await writeFile(path.join(root, 'dist/index.js'), `exports.version = ${JSON.stringify(version)};\n`);
  await writeFile(path.join(root, 'dist/health.js'), health);
}
