import { runPrecheck, type PrecheckReport } from '../../core/releases/precheck';
import type { NotesFacts, PrecheckFacts } from '../../core/releases/precheckFacts';
import { channels, type Channel } from '../../contracts/plugin';
import type { Manifest } from '../../contracts/releases/manifest';
import { toStages, type RolloutInput } from '../../contracts/releases/rolloutInput';
import type { Client } from '../../sdk/client';
import type { CliConfig } from '../config';
import { findUnsatisfied } from '../imports/unsatisfied';
import { readPluginFolder, type PluginFolder } from '../input/pluginFolder';
import { trySigner, type Signer } from '../signing/signer';
import { findNotes } from './notes';
import { checkContents } from '../input/contents';
import { checkAccount } from './account';
import { listPublishedVersions } from './publishedVersions';
import { addPublishYmlCheck, planSubmission, type SubmissionPlan } from './publishYml';

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
  /** Whether token and key are asked about; whoever publishes is told by the marketplace anyway. */
  asksAccount?: boolean;
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
  const imports = await findImports(folder);
  const isReadable = folder.fileProblems.length === 0;
  const contentProblems = isReadable ? await checkContents(folder.root, folder.files) : undefined;
  const accountProblems =
    deps.asksAccount && deps.client ? await checkAccount(deps.client, signer, deps.now) : undefined;
  const published = deps.client && (await listPublishedVersions(deps.client, folder, plan.channel));
  const facts: PrecheckFacts = {
    manifest: folder.manifest,
    pluginYaml: folder.pluginYaml,
    files: folder.files,
    fileProblems: folder.fileProblems,
    ...(contentProblems ? { contentProblems } : {}),
    ...(accountProblems ? { accountProblems } : {}),
    ...(notes === undefined ? {} : { notes }),
    ...(imports === undefined ? {} : { imports }),
    channel: { name: plan.channel, allowed: channels },
    signing: { profile: deps.signing.profile, problems },
    ...(published ? { publishedVersions: published } : {}),
    ...(plan.rollout ? { stages: toStages(plan.rollout) } : {}),
  };
  const report = addPublishYmlCheck(runPrecheck(facts), plan.problems);
  return { report, checked: report.valid ? toCheckedPlugin(folder, plan, notes, signer) : undefined };
}

/** Undefined where no manifest says which file is loaded. */
async function findImports({ root, manifest, files }: PluginFolder) {
  if (!('value' in manifest)) return undefined;
  const { entry, provided = [] } = manifest.value.runtime;
  return await findUnsatisfied({ root, files, entry, provided });
}

/** Holds only after a valid report, whose checks are what each of these conditions repeats. */
function toCheckedPlugin(
  folder: PluginFolder,
  plan: SubmissionPlan,
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
