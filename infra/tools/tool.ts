/** A server or browser that the product does not contain, where one was found, and the ways to get it. */
export interface FoundTool {
  path: string;
  version: string;
  /** Where it came from, in words for the terminal: "PATH", "cache: built with Go". */
  origin: string;
}

export interface ToolContext {
  env: NodeJS.ProcessEnv;
  /** `<system>-<architecture>` in Go's words, for example `linux-amd64`. */
  platform: string;
  /** Folder of this user's tools, shared by all clones. */
  cacheDir: string;
}

export interface Way {
  title: string;
  /** What the way will take, said before it starts. */
  takes: string;
  /** Why this way is closed on this machine; undefined when it can be tried. */
  closedBecause(context: ToolContext): Promise<string | undefined>;
  /** Fills `folder` and returns the program's path in it (an absolute path for one that the system keeps). */
  install(folder: string, context: ToolContext, say: (text: string) => void): Promise<string>;
}

export interface Tool {
  name: string;
  title: string;
  /** The pinned version: what is installed, and the key of the cache. */
  version: string;
  /** Name of the setting that gives a path of the user's own. */
  setting: string;
  /** Names looked for on the PATH, and absolute places where a system usually keeps it. */
  commands: readonly string[];
  places: readonly string[];
  /** Version of the program at `path` if it runs and is new enough, else undefined. */
  versionAt(path: string, context: ToolContext): Promise<string | undefined>;
  ways: readonly Way[];
}

/** This machine in Go's words, which the vendors' downloads use too. */
export function platformName(
  system = process.platform as string,
  architecture = process.arch as string,
): string {
  return `${system}-${architecture === 'x64' ? 'amd64' : architecture}`;
}
