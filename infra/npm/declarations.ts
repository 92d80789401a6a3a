import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { run } from '../../platform/processes/run';

const EMITTED = 'dist/packages/.declarations';

/** An import of a declaration file, static or in a type: the quoted path. */
const RELATIVE_IMPORT = /(?:from |import\()(['"])(\.[^'"]+)\1/g;

/** Declarations of everything that the packages export, by the compiler that also checks the repository. */
export async function emitDeclarations(root: string): Promise<void> {
  await rm(path.join(root, EMITTED), { recursive: true, force: true });
  const compiler = path.join(root, 'node_modules/@typescript/native/bin/tsc');
  await run(process.execPath, [compiler, '-p', 'infra/npm/tsconfig.json'], { cwd: root });
}

/**
 * Copies an entry's declarations, as `index.d.ts`, and those that it reaches; the rest of the repository stays out.
 *
 * @param entry relative to the repository, as `infra/npm/sdk.d.ts`
 * @param target the package's folder of declarations
 */
export async function copyDeclarations(root: string, entry: string, target: string): Promise<void> {
  const emitted = path.join(root, EMITTED);
  const reached = await reach(emitted, entry);
  reached.delete(entry);
  for (const file of reached) {
    await mkdir(path.dirname(path.join(target, file)), { recursive: true });
    await cp(path.join(emitted, file), path.join(target, file));
  }
  const up = `${path.posix.relative(path.posix.dirname(entry), '.')}/`;
  const text = await readFile(path.join(emitted, entry), 'utf8');
  await writeFile(path.join(target, 'index.d.ts'), text.replaceAll(up, './'));
}

async function reach(emitted: string, entry: string): Promise<Set<string>> {
  const reached = new Set<string>();
  const waiting = [entry];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    const text = await readFile(path.join(emitted, file), 'utf8');
    for (const [, , target = ''] of text.matchAll(RELATIVE_IMPORT)) {
      waiting.push(`${path.posix.join(path.posix.dirname(file), target.replace(/\.js$/, ''))}.d.ts`);
    }
  }
  return reached;
}
