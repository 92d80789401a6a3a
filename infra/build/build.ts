import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Progress, Step } from '../terminal/progress';
import { run } from '../../platform/processes/run';
import { buildCommandLine } from './commandLine';
import { buildProgram, programs } from './programs';
import { digestInputs, isUpToDate, writeStamp } from './stamp';

export const repositoryRoot = path.resolve(__dirname, '../..');

interface SlowPart {
  name: string;
  title: string;
  /** Without this file there is nothing to build. */
  entry: string;
  inputs: readonly string[];
  output: string;
  build(root: string): Promise<unknown>;
}

const slowParts: readonly SlowPart[] = [
  {
    name: 'workflows',
    title: 'workflow bundle',
    entry: 'workflows/index.ts',
    inputs: ['workflows', 'core', 'contracts', 'package-lock.json', 'infra/build'],
    output: 'dist/workflows.cjs',
    build: (root) => {
      const script = path.join(__dirname, 'workflowBundle.ts');
      const loader = pathToFileURL(createRequire(__filename).resolve('tsx')).href;
      const args = ['--import', loader, script, 'workflows/index.ts', 'dist/workflows.cjs'];
      return run(process.execPath, args, { cwd: root });
    },
  },
  {
    name: 'web',
    title: 'web pages',
    entry: 'web/index.html',
    inputs: ['web', 'core', 'contracts', 'package-lock.json'],
    output: 'web/dist/index.html',
    build: (root) => {
      const vite = path.join(
        path.dirname(createRequire(__filename).resolve('vite/package.json')),
        'bin/vite.js',
      );
      return run(process.execPath, [vite, 'build', '--logLevel', 'warn'], { cwd: path.join(root, 'web') });
    },
  },
];

/**
 * Builds what is out of date: programs, workflow bundle and web pages.
 * @throws when a part does not build, with the compiler's own words
 */
export async function buildAll(progress: Progress, root = repositoryRoot): Promise<void> {
  await progress.steps([programsStep(root), ...slowParts.map((part) => slowStep(root, part))]);
}

/**
 * Brings only the workflow bundle up to date, for tests that need nothing else; returns its path.
 *
 * @internal for tests
 */
export async function buildWorkflows(root = repositoryRoot): Promise<string> {
  const part = slowParts.find((each) => each.name === 'workflows')!;
  await slowStep(root, part).run(() => undefined);
  return path.join(root, part.output);
}

/**
 * Builds what is out of date, like {@link buildAll}, for whoever wants to know what that changed.
 * @returns the outputs that are new, such as `dist/api.cjs`
 */
export async function rebuild(root = repositoryRoot): Promise<string[]> {
  const built: string[] = [];
  for (const program of programs)
    if ((await buildProgram(root, program)) === 'built') built.push(program.output);
  for (const part of slowParts) if (await buildIfStale(root, part)) built.push(part.output);
  return built;
}

function programsStep(root: string): Step {
  return {
    title: 'programs',
    run: async (say) => {
      const present = programs.filter((program) => existsSync(path.join(root, program.entry)));
      for (const { entry } of programs)
        if (!existsSync(path.join(root, entry))) say(`${entry} is not there: skipped`);
      const results = await Promise.all([
        ...present.map((program) => buildProgram(root, program)),
        ...(existsSync(path.join(root, 'cli/main.ts')) ? [compileCommandLine(root)] : []),
      ]);
      const built = results.filter((result) => result === 'built').length;
      return `${results.length} programs · ${built === 0 ? 'up to date' : `${built} built`}`;
    },
  };
}

const compileCommandLine = async (root: string): Promise<'built' | 'unchanged'> =>
  (await buildCommandLine(root)).isChanged ? 'built' : 'unchanged';

function slowStep(root: string, part: SlowPart): Step {
  return {
    title: part.title,
    run: async () => {
      if (!existsSync(path.join(root, part.entry)))
        return `${part.title} · skipped: ${part.entry} is not there`;
      return `${part.title} · ${(await buildIfStale(root, part)) ? 'built' : 'up to date'}`;
    },
  };
}

/** Whether the part had to be built. */
async function buildIfStale(root: string, part: SlowPart): Promise<boolean> {
  const digest = await digestInputs(root, part.inputs);
  if (existsSync(path.join(root, part.output)) && (await isUpToDate(root, part.name, digest))) return false;
  await part.build(root);
  await writeStamp(root, part.name, digest);
  return true;
}
