import { rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { sha256Schema, type PublishRequest } from '../../contracts/releases/publish';
import { Refusal } from '../../core/errors/errors';
import { formatVersionId } from '../../core/ids';
import { uploadStates } from '../../core/releases/state';
import type { Client } from '../../sdk/client';
import { ownFolder, readOwnJson, writeJson } from '../files';

/** What is noted of an upload while it is under way from this plugin folder. */
const noteSchema = z.object({ packageSha256: sha256Schema });

const locateNote = async (root: string, versionId: string): Promise<string> =>
  path.join(await ownFolder(root), `${versionId}.upload.json`);

/** Notes which package is being uploaded from here, until {@link forgetUpload}. */
export const noteUpload = async (root: string, versionId: string, packageSha256: string): Promise<void> =>
  writeJson(await locateNote(root, versionId), { packageSha256 });

export const forgetUpload = async (root: string, versionId: string): Promise<void> =>
  rm(await locateNote(root, versionId), { force: true });

/**
 * Ends an upload that was begun from this folder and broke off, where other content of the same version is
 * refused because of it. An upload that was begun elsewhere may be under way, and is left alone.
 *
 * @returns whether there was one, so that submitting again may succeed
 */
export async function endInterrupted(
  root: string,
  client: Client,
  { pluginId, version }: PublishRequest,
  error: unknown,
): Promise<boolean> {
  if (!(error instanceof Refusal) || error.code !== 'VERSION_CONFLICT') return false;
  const versionId = formatVersionId(pluginId, version);
  const note = await readOwnJson(await locateNote(root, versionId), noteSchema);
  if (!note) return false;
  const { state, packageSha256 } = await client.releases.read(versionId);
  if (!uploadStates.includes(state) || packageSha256 !== note.packageSha256) return false;
  await client.releases.abortUpload(versionId);
  return true;
}
