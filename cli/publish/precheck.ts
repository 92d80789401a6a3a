import { readFile } from 'node:fs/promises';
import { Refusal, refusal, type Problem } from '../../core/errors/errors';
import { runPrecheck, type PrecheckReport } from '../../core/releases/precheck';
import type { NotesFacts, PrecheckFacts } from '../../core/releases/precheckFacts';
import { isGenerated, notesFor, withoutMark } from '../../core/releases/notes';
import { channels, type Channel } from '../../contracts/plugin';
import type { Manifest } from '../../contracts/releases/manifest';
import { defaultChannel, rolloutFor } from '../../contracts/releases/publishYml';
import { toStages, type RolloutInput } from '../../contracts/releases/rolloutInput';
import type { Client } from '../../sdk/client';
import type { CliConfig } from '../config';
import { readPluginFolder, type PluginFolder } from '../input/pluginFolder';
import { trySigner, type Signer } from '../signing/profiles';

/** What an author says on the command line about a submission. */
export interface SubmissionOptions {
  root: string;
  channel?: string | undefined;
  /** A file; it counts more than the changelog. */
  notes?: string | undefined;
}

/** A plugin folder that passed every check that this side can make. */
export interface CheckedPlugin {
  root: string;
  manifest: Manifest;
  channel: Channel;
  notes: NotesFacts;
  rollout: RolloutInput | undefined;
  signer: Signer;
}

export interface FolderPrecheck {
  report: PrecheckReport;
  /** Present exactly when the report is valid. */
  checked: CheckedPlugin | undefined;
}

export interface PrecheckDeps {
  signing: CliConfig['signing'];
  now: Date;
  /** Absent: the versions that exist are unknown, and their check is left to the server. */
  client?: Client | undefined;
}

/** Reads and judges a plugin folder; nothing is changed. */
export async function precheckFolder(
  options: SubmissionOptions,
  deps: PrecheckDeps,
): Promise<FolderPrecheck> {
  const folder = await readPluginFolder(options.root);
  const plan = planSubmission(folder, options);
  const notes = await findNotes(folder, options.notes);
  const { signer, problems } = await trySigner(deps.signing, deps.now);
  const published = deps.client && (await publishedVersions(deps.client, folder, plan.channel));
  const facts: PrecheckFacts = {
    manifest: folder.manifest,
    pluginYaml: folder.pluginYaml,
    files: folder.files,
    fileProblems: folder.fileProblems,
    ...(notes === undefined ? {} : { notes }),
    channel: { name: plan.channel, allowed: channels },
    signing: { profile: deps.signing.profile, problems },
    ...(published ? { publishedVersions: published } : {}),
    ...(plan.rollout ? { stages: toStages(plan.rollout) } : {}),
  };
  const report = withProblems(runPrecheck(facts), plan.problems);
  return { report, checked: report.valid ? toCheckedPlugin(folder, plan, notes, signer) : undefined };
}

interface Plan {
  channel: string;
  rollout: RolloutInput | undefined;
  problems: readonly Problem[];
}

/** The flag counts more than publish.yml, which counts more than the default. */
function planSubmission(folder: PluginFolder, options: SubmissionOptions): Plan {
  if ('problems' in folder.publishYml) {
    return { channel: options.channel ?? 'stable', rollout: undefined, problems: folder.publishYml.problems };
  }
  const file = folder.publishYml.value;
  const channel = options.channel ?? defaultChannel(file);
  return { channel, rollout: rolloutFor(file, channel), problems: [] };
}

/** Undefined: without a version it is not known which section would be the one. */
async function findNotes(
  folder: PluginFolder,
  file: string | undefined,
): Promise<NotesFacts | null | undefined> {
  if (file !== undefined) return { text: await readNotesFile(file), source: 'flag' };
  if (!('value' in folder.manifest)) return undefined;
  const text = notesFor(folder.changelog ?? '', folder.manifest.value.version);
  if (text === undefined) return null;
  return isGenerated(text) ? { text: withoutMark(text), source: 'generated' } : { text, source: 'changelog' };
}

async function readNotesFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw refusal('NOTES_MISSING', `The notes file ${file} cannot be read.`, file);
  }
}

/** Versions of the channel that count for the order: what was refused or failed leaves no mark. */
async function publishedVersions(
  client: Client,
  { manifest }: PluginFolder,
  channel: string,
): Promise<string[]> {
  if (!('value' in manifest)) return [];
  try {
    const { versions } = await client.releases.listVersions(manifest.value.id);
    return versions
      .filter((each) => each.channel === channel && each.listedAt !== null)
      .map((each) => each.version);
  } catch (error) {
    // A plugin that was never published has no versions.
    if (error instanceof Refusal && NOT_THERE.has(error.code)) return [];
    throw error;
  }
}

const NOT_THERE = new Set(['NOT_FOUND', 'RELEASE_NOT_FOUND', 'ROUTE_NOT_FOUND']);

/** publish.yml exists on this side only, so its check is added here. */
function withProblems(report: PrecheckReport, problems: readonly Problem[]): PrecheckReport {
  const check = {
    id: 'publish-yml',
    title: 'publish.yml is valid',
    status: problems.length > 0 ? ('fail' as const) : ('pass' as const),
    problems: [...problems],
    remediation: problems.length > 0 ? 'Correct the listed fields of publish.yml.' : null,
  };
  const errors = [...report.errors, ...problems];
  return { valid: errors.length === 0, errors, checks: [...report.checks, check] };
}

/** Holds only after a valid report, whose checks are what each of these conditions repeats. */
function toCheckedPlugin(
  folder: PluginFolder,
  plan: Plan,
  notes: NotesFacts | null | undefined,
  signer: Signer | undefined,
): CheckedPlugin | undefined {
  if (!('value' in folder.manifest) || !notes || signer === undefined) return undefined;
  const channel = channels.find((each) => each === plan.channel);
  if (channel === undefined) return undefined;
  return {
    root: folder.root,
    manifest: folder.manifest.value,
    channel,
    notes,
    rollout: plan.rollout,
    signer,
  };
}
