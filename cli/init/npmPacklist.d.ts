/** The parts of npm's list of what `npm pack` takes that are used here; it comes without types. */
declare module 'npm-packlist' {
  /** What is asked of a file or folder that may be taken. */
  export interface Candidate {
    /** Its name in the folder that is walked. */
    entry: string;
    /** Whether the rules take it as a file, and as a folder. */
    file: boolean;
    dir: boolean;
  }

  export interface Tree {
    path: string;
    package: Record<string, unknown>;
    isProjectRoot: boolean;
    edgesOut: ReadonlyMap<string, unknown>;
  }

  export default class PackWalker {
    static readonly Walker: typeof PackWalker;
    constructor(tree: Tree, options?: object);
    /** The folder that is walked, and the one where it began. */
    readonly path: string;
    readonly root: string;
    readonly tree: Tree;
    on(event: 'done', listener: (files: string[] | Set<string>) => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
    start(): this;
    stat(candidate: Candidate, then: () => void): void;
    onstat(
      found: Candidate & { st: { isFile(): boolean; isDirectory(): boolean; isSymbolicLink(): boolean } },
      then: () => void,
    ): void;
    walkerOpt(entry: string, options: object): object;
    walker(entry: string, options: object, then: () => void): void;
  }
}
