import { MAX_PATH_BYTES, findCollisions, listPathFaults } from '../core/entryPaths';
import { problem, type ErrorCode, type Problem } from '../core/errors/errors';
import { quoteName } from '../core/foreignText';
import { hasPlace } from './format';

/** Everything that is wrong with one path; the same rules bind the writer and the reader. */
export function checkPath(path: string, code: ErrorCode): Problem[] {
  const faults = listPathFaults(path);
  if (faults.length === 0 && !hasPlace(path)) faults.push('lies outside the folders of the format');
  return faults.map((each) =>
    problem(code, `The name ${quoteName(path)} ${each}.`, path.slice(0, MAX_PATH_BYTES)),
  );
}

/** Paths that would become the same file, or on a file where another needs a folder. */
export const checkCollisions = (paths: readonly string[], code: ErrorCode): Problem[] =>
  findCollisions(paths).map(({ path, other, kind }) => {
    const [name, there] = [paths[path] ?? '', paths[other] ?? ''];
    const detail =
      kind === 'same'
        ? `${quoteName(name)} and ${quoteName(there)} are the same file.`
        : `${quoteName(name)} needs a folder where ${quoteName(there)} is a file.`;
    return problem(code, detail, name);
  });

/** How many folders the paths, in the order of a package, lie in: each counts where it is first met. */
export function countFolders(paths: readonly string[]): number {
  let folders = 0;
  let before: string[] = [];
  for (const path of paths) {
    const own = path.split('/').slice(0, -1);
    const shared = own.findIndex((segment, index) => segment !== before[index]);
    folders += shared < 0 ? 0 : own.length - shared;
    before = own;
  }
  return folders;
}
