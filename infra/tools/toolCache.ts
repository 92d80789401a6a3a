import { randomBytes } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import envPaths from 'env-paths';
import { isExecutable } from '../../platform/processes/which';
import type { FoundTool, Tool, ToolContext } from './tool';

/** Folder of the user's cached tools; `SPILLWAY_CACHE_DIR` moves it. */
export function cacheDirFrom(env: NodeJS.ProcessEnv): string {
  return path.resolve(env.SPILLWAY_CACHE_DIR || envPaths('spillway', { suffix: '' }).cache, 'tools');
}

/** Home of one tool: by name, version and platform, so that no clone installs it twice. */
export function toolFolder(tool: Pick<Tool, 'name' | 'version'>, context: ToolContext): string {
  return path.join(context.cacheDir, tool.name, tool.version, context.platform);
}

/** The tool of an earlier installation, or undefined when there is none or its program is gone. */
export async function readCached(tool: Tool, context: ToolContext): Promise<FoundTool | undefined> {
  const folder = toolFolder(tool, context);
  try {
    const record = JSON.parse(await readFile(path.join(folder, 'tool.json'), 'utf8')) as {
      entry: string;
      way: string;
    };
    const program = path.resolve(folder, record.entry);
    if (!(await isExecutable(program))) return undefined;
    return { path: program, version: tool.version, origin: `cache (${record.way})` };
  } catch {
    return undefined;
  }
}

/**
 * Fills the tool's folder through a temporary name that is renamed at the end: a reader meets either a
 * whole tool or none, whatever was killed in between.
 */
export async function fillCache(
  tool: Tool,
  context: ToolContext,
  way: string,
  install: (folder: string) => Promise<string>,
): Promise<void> {
  const folder = toolFolder(tool, context);
  const temporary = `${folder}.${randomBytes(4).toString('hex')}.part`;
  await sweepParts(folder);
  await mkdir(temporary, { recursive: true });
  try {
    const entry = await install(temporary);
    await writeFile(path.join(temporary, 'tool.json'), JSON.stringify({ entry, way }));
    await rm(folder, { recursive: true, force: true });
    await rename(temporary, folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** The caller holds the tool's lock: every other part is of an installation that was killed. */
async function sweepParts(folder: string): Promise<void> {
  const parent = path.dirname(folder);
  const names = await readdir(parent).catch(() => []);
  const parts = names.filter(
    (name) => name.startsWith(`${path.basename(folder)}.`) && name.endsWith('.part'),
  );
  await Promise.all(parts.map((name) => rm(path.join(parent, name), { recursive: true, force: true })));
}
