import { copyFile, mkdir, readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import pLimit from 'p-limit';
import { quoteName } from '../../core/foreignText';
import { problem, refuseIfAny, type Problem } from '../../core/errors/errors';
import { ignoreAbsence } from '../../platform/files/absence';
import { isCertificate, isNoise, isSecret } from './noise';
import { listPackFiles } from './packlist';
import { isWithin } from './within';

/** What became of a folder's files. */
export interface Copied {
  /** What may hold credentials and was not taken. */
  leftBehind: string[];
  /** Links whose content was copied in their place. */
  copiedLinks: string[];
}

const OPEN_FILES = 32;

/**
 * Copies what `npm pack` would take of a folder. Links within the folder become what they lead to.
 *
 * @throws Refusal FILE_UNSAFE naming every link that leads out, and every file that cannot be taken
 */
export async function copyPackFiles(
  folder: string,
  target: string,
  packageJson: Record<string, unknown>,
): Promise<Copied> {
  const { files, links, unusable } = await listPackFiles(folder, packageJson);
  const followed = await followLinks(
    folder,
    links.filter((link) => !isNoise(link)),
  );
  refuseIfAny([...unusable.map(describeUnusable), ...followed.problems]);
  const wanted = [...files.map((file) => ({ file, from: file })), ...followed.files];
  const leftBehind = (await ignoreAbsence(stat(path.join(folder, '.npmrc')))) ? ['.npmrc'] : [];
  const limit = pLimit(OPEN_FILES);
  await Promise.all(
    wanted.map(({ file, from }) =>
      limit(async () => {
        if (await mayHoldCredentials(path.join(folder, from), file)) return void leftBehind.push(file);
        if (isNoise(file) && !isSecret(file)) return;
        await mkdir(path.dirname(path.join(target, file)), { recursive: true });
        await copyFile(path.join(folder, from), path.join(target, file));
      }),
    ),
  );
  await mkdir(target, { recursive: true });
  return { leftBehind: leftBehind.sort(), copiedLinks: links.filter((link) => !isNoise(link)) };
}

/** By its name; a file of certificates is told apart from one of keys by what is in it. */
const mayHoldCredentials = async (file: string, name: string): Promise<boolean> =>
  isSecret(name) && !(await isCertificate(file));

const describeUnusable = (name: string): Problem => {
  const why = name.includes('\uFFFD')
    ? 'has a name that is no UTF-8'
    : 'is not a file that a package can hold';
  return problem('FILE_UNSAFE', `${quoteName(name)} ${why}.`, name);
};

interface Followed {
  files: { file: string; from: string }[];
  problems: Problem[];
}

async function followLinks(folder: string, links: readonly string[]): Promise<Followed> {
  const root = await realpath(folder);
  const followed: Followed = { files: [], problems: [] };
  for (const link of links) await followLink(root, link, followed);
  return followed;
}

async function followLink(root: string, link: string, { files, problems }: Followed): Promise<void> {
  const refuse = (why: string) =>
    problems.push(problem('FILE_UNSAFE', `${quoteName(link)} is a link ${why}.`, link));
  const end = await ignoreAbsence(realpath(path.join(root, link)));
  if (end === undefined) return void refuse('to what is not there');
  if (!isWithin(root, end)) return void refuse('that leads out of the source');
  const from = path.relative(root, end).split(path.sep).join('/');
  const stats = await stat(end);
  if (stats.isFile()) return void files.push({ file: link, from });
  if (!stats.isDirectory()) return void refuse('to what is neither a file nor a folder');
  if (isWithin(end, path.dirname(path.join(root, link)))) return void refuse('to a folder around it');
  for (const entry of await readdir(end, { recursive: true, withFileTypes: true })) {
    const inner = path.relative(end, path.join(entry.parentPath, entry.name)).split(path.sep).join('/');
    if (entry.isFile()) files.push({ file: `${link}/${inner}`, from: `${from}/${inner}` });
    else if (!entry.isDirectory()) refuse(`to a folder that holds a further link (${inner})`);
  }
}
