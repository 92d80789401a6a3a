import { readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { run } from '../../../platform/processes/run';
import { repositoryRoot } from '../../build/build';

/** The files of another version, in a working tree of their own. */
export interface OldTree {
  root: string;
  /** The first digits of its commit. */
  commit: string;
  remove(): Promise<void>;
}

/**
 * Checks out a tag or commit into `root`. Its dependencies are those of this clone where both have the same lock
 * file, else they are installed.
 *
 * @throws Error with Git's or npm's own words
 */
export async function checkOut(ref: string, root: string): Promise<OldTree> {
  const git = (...args: string[]): Promise<string> => run('git', args, { cwd: repositoryRoot });
  // What a run that was killed has left in the list, but no longer on the disk.
  await git('worktree', 'prune');
  const commit = (await git('rev-parse', '--short', `${ref}^{commit}`)).trim();
  await git('worktree', 'add', '--detach', root, commit);
  const remove = async (): Promise<void> => void (await git('worktree', 'remove', '--force', root));
  try {
    await addDependencies(root);
  } catch (error) {
    await remove();
    throw error;
  }
  return { root, commit, remove };
}

async function addDependencies(root: string): Promise<void> {
  const [theirs, ours] = await Promise.all(
    [root, repositoryRoot].map((each) => readFile(path.join(each, 'package-lock.json'), 'utf8')),
  );
  if (theirs === ours)
    return symlink(path.join(repositoryRoot, 'node_modules'), path.join(root, 'node_modules'));
  await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root });
}
