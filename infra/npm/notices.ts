import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';

interface Manifest {
  name: string;
  version: string;
  license?: string;
}

/**
 * The licences of the packages whose code is part of a bundle: who receives a copy of the code is owed its licence.
 *
 * @param folders of the bundled packages, relative to `root`
 */
export async function thirdPartyNotices(root: string, folders: readonly string[]): Promise<string> {
  const notices = await Promise.all(folders.map((folder) => readNotice(path.join(root, folder))));
  return `This package contains code of the following packages.\n\n${notices.join('\n')}`;
}

async function readNotice(folder: string): Promise<string> {
  const text = await readFile(path.join(folder, 'package.json'), 'utf8');
  const { name, version, license = 'see its text' } = JSON.parse(text) as Manifest;
  const file = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each));
  const licence = file === undefined ? '' : await readFile(path.join(folder, file), 'utf8');
  return `${'='.repeat(80)}\n${name} ${version} (${license})\n\n${licence.trim()}\n`;
}
