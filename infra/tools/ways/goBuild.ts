import { cp, mkdtemp, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { run } from '../../../platform/processes/run';
import { which } from '../../../platform/processes/which';
import type { ToolContext, Way } from '../tool';

const needsGo = async ({ env }: ToolContext): Promise<string | undefined> =>
  (await which(['go'], env)) ? undefined : 'Go is not installed';

/**
 * Builds a program of the module in `moduleDir`, whose go.mod and go.sum pin every dependency by hash.
 * The folder is copied first: a build must not write into the clone.
 */
export function goBuild(options: {
  moduleDir: string;
  program: string;
  entry: string;
  ldflags: string;
  takes: string;
}): Way {
  return {
    title: 'a build with Go',
    takes: options.takes,
    closedBecause: needsGo,
    install: (folder, context, say) =>
      withGoCaches(folder, context.env, async (env, scratch) => {
        const module = path.join(scratch, 'module');
        await cp(options.moduleDir, module, { recursive: true });
        const args = [
          'build',
          '-trimpath',
          '-ldflags',
          options.ldflags,
          '-o',
          path.join(folder, options.entry),
          options.program,
        ];
        await run('go', args, { cwd: module, env, onLine: sayDownloads(say) });
        return options.entry;
      }),
  };
}

/** Installs one version of a published program; the Go checksum database verifies what is fetched. */
export function goInstall(options: { program: string; version: string; entry: string; takes: string }): Way {
  return {
    title: 'a build with Go',
    takes: options.takes,
    closedBecause: needsGo,
    install: (folder, context, say) =>
      withGoCaches(folder, context.env, async (env) => {
        const args = ['install', '-trimpath', '-ldflags', '-s -w', `${options.program}@v${options.version}`];
        await run('go', args, { cwd: folder, env: { ...env, GOBIN: folder }, onLine: sayDownloads(say) });
        return options.entry;
      }),
  };
}

/**
 * Runs a build with the user's Go caches where they exist, else with caches that are deleted afterwards:
 * a person without Go projects should not keep gigabytes for two programs.
 */
async function withGoCaches<T>(
  folder: string,
  base: NodeJS.ProcessEnv,
  build: (env: NodeJS.ProcessEnv, scratch: string) => Promise<T>,
): Promise<T> {
  // Inside the folder that is being filled: what a killed build leaves is swept with it.
  const scratch = await mkdtemp(path.join(folder, '.build-'));
  try {
    const env = { ...base, CGO_ENABLED: '0', ...(await temporaryCaches(base, scratch)) };
    return await build(env, scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function temporaryCaches(base: NodeJS.ProcessEnv, scratch: string): Promise<NodeJS.ProcessEnv> {
  const [modules = '', builds = '', flags = ''] = (
    await run('go', ['env', 'GOMODCACHE', 'GOCACHE', 'GOFLAGS'], { env: base })
  ).split('\n');
  if (existsSync(modules) && existsSync(builds)) return {};
  return {
    GOMODCACHE: path.join(scratch, 'modules'),
    GOCACHE: path.join(scratch, 'builds'),
    // Go makes its module cache read-only, and then nobody but root could delete it.
    GOFLAGS: `${flags} -modcacherw`.trim(),
  };
}

const sayDownloads =
  (say: (text: string) => void) =>
  (line: string): void => {
    if (line.startsWith('go: downloading')) say(line.slice(4));
  };
