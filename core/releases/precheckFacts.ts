import type { Problem } from '../errors/errors';
import type { RolloutStage } from './rolloutPlan';
import type { UnsatisfiedImport } from './imports';

/** What prechecks need of a manifest, already parsed; permissions are in canonical form. */
export interface PluginFacts {
  id: string;
  name?: string;
  version: string;
  permissions: readonly string[];
  runtime: { entry: string; health?: { script: string } | undefined };
}

/** A file that was read: what it says, or why it could not be understood. */
export type Parsed<T> = { value: T } | { problems: readonly Problem[] };

/** Release notes, and whether a person wrote them. */
export interface NotesFacts {
  text: string;
  source: 'flag' | 'changelog' | 'generated';
}

/**
 * What one side knows about a submission. A fact that is absent is unknown there, and its checks
 * are not run and not reported: a publisher's machine sees the files, the server the history.
 */
export interface PrecheckFacts {
  manifest?: Parsed<PluginFacts>;
  pluginYaml?: Parsed<PluginFacts>;
  /** Paths of the plugin folder with `/`, relative to it. */
  files?: readonly string[];
  /** Why files cannot be packed: links, unusable names. */
  fileProblems?: readonly Problem[];
  /** What the plugin's own scripts load and nothing provides. */
  imports?: readonly UnsatisfiedImport[];
  /** What the scanners would refuse the files for, as far as that is told without them. */
  contentProblems?: readonly Problem[];
  /** Null: they were looked for and there are none. */
  notes?: NotesFacts | null;
  channel?: { name: string; allowed: readonly string[] };
  /** Versions that the channel already has, in any order. */
  publishedVersions?: readonly string[];
  stages?: readonly RolloutStage[];
  /** Problems of the signing profile; none when it can sign. */
  signing?: { profile: string; problems: readonly Problem[] };
  /** Why the token's holder may not publish with that key, as the marketplace has it. */
  accountProblems?: readonly Problem[];
}
