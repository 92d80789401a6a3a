import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { repositoryRoot } from '../../infra/build/build';
import { run } from '../../platform/processes/run';

let folder: string;
beforeEach(async () => {
  // Inside the repository, where packages are found.
  folder = await mkdtemp(path.join(repositoryRoot, 'dist', 'bundled-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Bundles as the build does; returns the code. */
async function bundle(workflows: string): Promise<string> {
  const output = path.join(folder, 'bundle.cjs');
  const loader = pathToFileURL(createRequire(__filename).resolve('tsx')).href;
  const script = path.join(repositoryRoot, 'infra/build/workflowBundle.ts');
  await run(process.execPath, ['--import', loader, script, workflows, output], { cwd: repositoryRoot });
  return readFile(output, 'utf8');
}

test('the workflows bundle: nothing that they import needs more than the sandbox has', async () => {
  const code = await bundle('workflows/index.ts');
  for (const name of ['release', 'rollout']) expect(code).toContain(`function ${name}(`);
});

test('a workflow that reads a file does not bundle', async () => {
  const stray = path.join(folder, 'stray.ts');
  await writeFile(
    stray,
    `import { readFileSync } from 'node:fs';\nexport const stray = async () => readFileSync('x').length;\n`,
  );
  await expect(bundle(stray)).rejects.toThrow(/node:/);
});
