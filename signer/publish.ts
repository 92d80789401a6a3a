import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { signedReleasesSchema } from '../contracts/distribution/releases';
import { canonicalJson } from '../core/canonicalJson';
import { replaceFile } from '../platform/files/durable';
import { readOnlineKeys } from './ceremony';
import { isRootFile, readRepository, toRootFiles } from './published';
import { signChanges, type Statement } from './repository';
import { defaultLifetimes } from './roles';

/** One plugin a file. @throws ZodError for what is no statement */
async function readStatements(folder: string): Promise<Statement[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(path.join(folder, name), 'utf8');
      const stated = signedReleasesSchema.parse(JSON.parse(text));
      const { pluginId, publisherId } = stated;
      return { pluginId, publisherId, body: canonicalJson(stated) };
    }),
  );
}

/**
 * Signs the statements of a folder and writes what is new into the folder that is served, the timestamp last:
 * whoever reads in between finds the state before. What was served already is held against the root first, and
 * versions of the root from another ceremony are removed.
 *
 * @returns the names of the files that were written
 */
export async function publishStatements(
  { online, statements, out }: { online: string; statements: string; out: string },
  now: Date,
): Promise<string[]> {
  const { keys, root, roots } = await readOnlineKeys(online);
  const read = (name: string): string | undefined => {
    const file = path.join(out, name);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  };
  const context = { keys, lifetimes: defaultLifetimes, now };
  const { files } = signChanges(readRepository(root, read), await readStatements(statements), context);
  const rootFiles = toRootFiles(roots);
  await removeOtherRoots(out, new Set(rootFiles.map(({ name }) => name)));
  const written = [...rootFiles.filter(({ name, body }) => read(name) !== body), ...files];
  for (const { name, body } of written) await replaceFile(path.join(out, name), body);
  return written.map(({ name }) => name);
}

/** Hosts go from the root that they have to the next number, and would find one of another ceremony there. */
async function removeOtherRoots(out: string, kept: ReadonlySet<string>): Promise<void> {
  const served = await readdir(out).catch(() => []);
  for (const name of served) if (isRootFile(name) && !kept.has(name)) await rm(path.join(out, name));
}
