import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { refusal } from '../../../core/errors/errors';
import { isObject } from '../../../core/messages';
import { copyPackFiles } from '../copyFiles';
import { readPackageJson } from '../source';
import { rebaseLock } from './lock';
import {
  findLock,
  readRequirements,
  type FoundLock,
  type Requirements,
  type Requiring,
} from './requirements';

/** A project in a folder of our own, which asks for what the plugin needs and for nothing else. */
export interface StagedProject {
  isEmpty: boolean;
  /** Names of the packages that were copied from folders of the author's. */
  copied: string[];
  /** Dependencies that could not be had, as `name (range)`. */
  foreign: string[];
  /** The lock file whose versions are taken; undefined where there is none that npm reads. */
  lock: FoundLock['name'] | undefined;
}

/** npm makes a link of a folder within the project, and a copy of one beside it. */
export const PROJECT = 'project';
const FOLDERS = 'folders';

/** Packages of a workspace that lead to each other through more folders than this are no workspace. */
const MAX_FOLDERS = 200;

/**
 * Lays out a project for npm: package.json, the lock file, and copies of the folders that the plugin's dependencies
 * are links to. The author's folders are read and never written.
 *
 * @throws Refusal DEPENDENCY_UNRESOLVED, FILE_UNSAFE
 */
export async function stageProject(works: string, source: Requiring): Promise<StagedProject> {
  const requirements = await readRequirements(source);
  const copying: Copying = { works, source, numbers: new Map(), foreign: [...requirements.foreign] };
  const local = await copyFolders(requirements, copying);
  const { name = 'plugin', version = '0.0.0', overrides } = source.packageJson;
  const manifest = {
    name: `${String(name)}-px-vendored`.slice(-200),
    version,
    dependencies: { ...requirements.dependencies, ...toSpecs(local, `../${FOLDERS}`) },
    optionalDependencies: requirements.optionalDependencies,
    ...(isObject(overrides) ? { overrides } : {}),
  };
  const isEmpty = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }).length === 0;
  const staged = { isEmpty, copied: [...copying.numbers.keys()], foreign: copying.foreign };
  if (isEmpty) return { ...staged, lock: undefined };
  const folder = path.join(works, PROJECT);
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest));
  const found = await findLock(source.folder, source.isAlone);
  const text = found && rebaseLock(found, manifest);
  if (text === undefined) return { ...staged, lock: undefined };
  await writeFile(path.join(folder, found?.name ?? 'package-lock.json'), text);
  return { ...staged, lock: found?.name };
}

interface Copying {
  works: string;
  source: Requiring;
  /** Each folder that was copied, and the name of its copy. */
  numbers: Map<string, string>;
  foreign: string[];
}

/** Each folder is copied once, however many lead to it. Answers the names of the copies by package. */
async function copyFolders({ folders }: Requirements, copying: Copying): Promise<Record<string, string>> {
  const copies: Record<string, string> = {};
  for (const [name, folder] of Object.entries(folders)) {
    copies[name] = copying.numbers.get(folder) ?? (await copyOne(folder, copying));
  }
  return copies;
}

async function copyOne(folder: string, copying: Copying): Promise<string> {
  const { works, source, numbers, foreign } = copying;
  if (numbers.size >= MAX_FOLDERS) {
    throw refusal('DEPENDENCY_UNRESOLVED', `There are more than ${MAX_FOLDERS} folders to copy.`, folder);
  }
  const number = String(numbers.size + 1);
  numbers.set(folder, number);
  const packageJson = await readPackageJson(folder);
  const target = path.join(works, FOLDERS, number);
  await copyPackFiles(folder, target, packageJson);
  const needs = await readRequirements({ ...source, packageJson, folder });
  foreign.push(...needs.foreign);
  const local = await copyFolders(needs, copying);
  const manifest = {
    ...omit(packageJson, ['devDependencies', 'scripts', 'workspaces']),
    version: packageJson.version ?? '0.0.0',
    dependencies: { ...needs.dependencies, ...toSpecs(local, '..') },
    optionalDependencies: needs.optionalDependencies,
  };
  await writeFile(path.join(target, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return number;
}

const toSpecs = (copies: Record<string, string>, folder: string): Record<string, string> =>
  Object.fromEntries(Object.entries(copies).map(([name, copy]) => [name, `file:${folder}/${copy}`]));

const omit = (fields: Record<string, unknown>, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
