import path from 'node:path';
import PackWalker from 'npm-packlist';
import type { Candidate, Tree } from 'npm-packlist';

/** What `npm pack` would take of a folder, and what it would leave out without a word: links and odd names. */
export interface PackList {
  files: string[];
  /** Symbolic links that the rules would take. */
  links: string[];
  /** Neither files, folders nor links, or with names that are no UTF-8. */
  unusable: string[];
}

/** Paths are relative to the folder, with `/`, and sorted. */
export async function listPackFiles(folder: string, packageJson: Record<string, unknown>): Promise<PackList> {
  const found: PackList = { files: [], links: [], unusable: [] };
  const tree: Tree = {
    path: folder,
    package: normalise(packageJson),
    isProjectRoot: true,
    edgesOut: new Map(),
  };
  const taken = await new Promise<Iterable<string>>((resolve, reject) => {
    new CompleteWalker(tree, { isPackage: true }, found).on('done', resolve).on('error', reject).start();
  });
  const files = new Set([...taken].map((file) => file.replace(/^\.\//, '')));
  const links = found.links.filter((link) => !files.has(link));
  return { files: [...files].sort(), links: links.sort(), unusable: found.unusable.sort() };
}

/** npm's own rules, told of what they pass over. */
class CompleteWalker extends PackWalker.Walker {
  readonly #found: PackList;

  constructor(tree: Tree, options: object, found: PackList) {
    super(tree, options);
    this.#found = found;
  }

  #pathOf = (entry: string): string => path.posix.relative(this.root, `${this.path}/${entry}`);

  override stat(candidate: Candidate, then: () => void): void {
    const { entry, file } = candidate;
    // Where a name is no UTF-8, Node reads this character in its place, and finds nothing under it.
    const isUnusable = entry.includes('\uFFFD') || entry.includes('*');
    if (!isUnusable) return super.stat(candidate, then);
    if (file) this.#found.unusable.push(this.#pathOf(entry));
    then();
  }

  override onstat(found: Parameters<PackWalker['onstat']>[0], then: () => void): void {
    const { st, entry, file } = found;
    if (st.isFile() || st.isDirectory()) return super.onstat(found, then);
    if (file) this.#found[st.isSymbolicLink() ? 'links' : 'unusable'].push(this.#pathOf(entry));
    then();
  }

  override walker(entry: string, options: object, then: () => void): void {
    new CompleteWalker(this.tree, this.walkerOpt(entry, options), this.#found).on('done', then).start();
  }
}

/** In the form in which npm itself has it when it packs. */
function normalise(packageJson: Record<string, unknown>): Record<string, unknown> {
  const { bin, main, browser, files } = packageJson;
  const plain = (value: unknown) =>
    typeof value === 'string' ? value.replace(/^(?:\.?\/)+/, '') : undefined;
  const bins = typeof bin === 'object' && bin !== null ? Object.values(bin) : [bin];
  const named = bins.map(plain).filter((each) => each !== undefined);
  return {
    ...(named.length > 0 ? { bin: Object.fromEntries(named.entries()) } : {}),
    ...(plain(main) ? { main: plain(main) } : {}),
    ...(plain(browser) ? { browser: plain(browser) } : {}),
    ...(Array.isArray(files) ? { files: files.filter((each) => typeof each === 'string') } : {}),
  };
}
