import { getErrorMessage } from '../../core/errors/thrown';
import { InfraFailure } from '../terminal/failure';
import { waitForLock } from '../../platform/lock';
import { isExecutable, which } from '../../platform/processes/which';
import { fillCache, toolFolder, readCached } from './toolCache';
import type { FoundTool, Tool, ToolContext, Way } from './tool';

/**
 * Looks for a tool without installing anything: the user's setting, then the machine, then the cache.
 * A setting that names no program is an error and not a reason to look elsewhere.
 * @throws InfraFailure when the setting is wrong
 */
export async function lookForTool(tool: Tool, context: ToolContext): Promise<FoundTool | undefined> {
  return (await given(tool, context)) ?? (await installed(tool, context)) ?? readCached(tool, context);
}

/**
 * Finds the tool or installs its pinned version by the first way that works on this machine.
 * @throws InfraFailure naming every way and why it was closed or failed
 */
export async function ensureTool(
  tool: Tool,
  context: ToolContext,
  say: (text: string) => void,
): Promise<FoundTool> {
  const found = await lookForTool(tool, context);
  if (found) return found;
  const lock = await waitForLock(`${toolFolder(tool, context)}.lock`, (holder) =>
    say(`another run (process ${holder.pid}) is installing it; waiting`),
  );
  try {
    // Whoever held the lock before may have installed it in the meantime.
    return (await readCached(tool, context)) ?? (await installByFirstWay(tool, context, say));
  } finally {
    await lock.release();
  }
}

async function installByFirstWay(
  tool: Tool,
  context: ToolContext,
  say: (text: string) => void,
): Promise<FoundTool> {
  const reasons: string[] = [];
  for (const way of tool.ways) {
    const reason = await tryWay(tool, way, context, say);
    const found = reason === undefined ? await readCached(tool, context) : undefined;
    if (found) return { ...found, origin: way.title };
    reasons.push(`${way.title}: ${reason ?? 'left no program behind'}`);
    say(`not by ${reasons.at(-1)?.split('\n')[0]}`);
  }
  throw new InfraFailure(
    `${tool.title} ${tool.version}`,
    ['no way to get it worked on this machine', ...reasons.map((reason) => `  - ${reason}`)].join('\n'),
    `install it yourself and set ${tool.setting} to its path`,
  );
}

/** Returns why the way did not work, or undefined when the cache now holds the tool. */
async function tryWay(
  tool: Tool,
  way: Way,
  context: ToolContext,
  say: (text: string) => void,
): Promise<string | undefined> {
  try {
    const closed = await way.closedBecause(context);
    if (closed) return closed;
    say(`${way.title}, ${way.takes}`);
    await fillCache(tool, context, way.title, (folder) => way.install(folder, context, say));
    return undefined;
  } catch (error) {
    return getErrorMessage(error);
  }
}

async function given(tool: Tool, context: ToolContext): Promise<FoundTool | undefined> {
  const path = context.env[tool.setting];
  if (!path) return undefined;
  if (await isExecutable(path)) {
    const version = (await tool.versionAt(path, context)) ?? 'of your own';
    return { path, version, origin: `setting ${tool.setting}` };
  }
  throw new InfraFailure(tool.title, `${tool.setting} names no program`, `correct or unset ${tool.setting}`);
}

async function installed(tool: Tool, context: ToolContext): Promise<FoundTool | undefined> {
  for (const name of [...tool.commands, ...tool.places]) {
    const path = name.includes('/') ? name : await which([name], context.env);
    if (!path || !(await isExecutable(path))) continue;
    const version = await tool.versionAt(path, context);
    if (version) return { path, version, origin: name === path ? 'installed' : 'PATH' };
  }
  return undefined;
}
