import { ensureTool as ensure, lookForTool } from './ensureTool';
import { tools, type ToolName } from './catalogue';
import { cacheDirFrom } from './toolCache';
import { platformName, type FoundTool, type ToolContext } from './tool';

/** The context of this process: its environment, machine and the user's cache. */
export function readContext(env: NodeJS.ProcessEnv = process.env): ToolContext {
  return { env, platform: platformName(), cacheDir: cacheDirFrom(env) };
}

/**
 * Finds or installs a tool of the catalogue; `say` is told what is done and how long it may take.
 * @throws InfraFailure when no way to get it works on this machine
 */
export function ensureTool(name: ToolName, say: (text: string) => void): Promise<FoundTool> {
  return ensure(tools[name], readContext(), say);
}

/** Finds a tool of the catalogue without installing it. */
export function findTool(name: ToolName): Promise<FoundTool | undefined> {
  return lookForTool(tools[name], readContext());
}
