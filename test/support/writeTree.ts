import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Contents of files by their path; a null takes one away again. */
export type Tree = Record<string, string | Buffer | null>;

/** Writes files below a folder and returns the folder. */
export function writeTree(root: string, files: Tree): string {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name);
    if (content === null) {
      rmSync(file, { recursive: true, force: true });
      continue;
    }
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return root;
}
