import { releaseWorkflowId, formatVersionId } from '../../core/ids';
import { refuseInvalid } from '../../core/releases/precheck';
import type { Receipt } from '../../contracts/releases/publish';
import type { BuiltPackage } from '../../pxp/createPackage';
import type { Client } from '../../sdk/client';
import type { CliConfig } from '../config';
import { formatBytes } from '../terminal/plain';
import type { Say, StageEnd, Stages } from '../terminal/stages';
import { awaitReview } from './awaitReview';
import { packUnsigned, packageFolder, signPackage, type UnsignedPackage } from './pack';
import { precheckFolder, type CheckedPlugin, type SubmissionOptions } from './precheck';
import { submitAndUpload } from './submit';

export interface PublishDeps {
  client: Client;
  signing: CliConfig['signing'];
  stages: Stages;
  now: () => Date;
  /** Told what the submission is, as soon as that is known. */
  onChecked(facts: { pluginId: string; version: string; channel: string; publishId: string }): void;
}

/** The five stages, in order; see {@link publish}. */
export const STAGE_COUNT = 5;

export interface Published {
  receipt: Receipt;
  receiptPath: string;
  package: BuiltPackage;
}

/**
 * From a plugin folder to a release that waits for its review: validate, package, sign, upload,
 * review (CLI-09). Each stage takes what the one before it made. Nothing leaves the machine before
 * the checks have passed, and running it again repeats instead of duplicating.
 */
export async function publish(options: SubmissionOptions, deps: PublishDeps): Promise<Published> {
  const { stages } = deps;
  const checked = await stages.run('validate', () => validate(options, deps));
  const unsigned = await stages.run('package', (say) => pack(checked, say));
  const built = await stages.run('sign', () => sign(checked, unsigned));
  const receipt = await stages.run('upload', (say) => submitAndUpload(checked, built, deps.client, say));
  const receiptPath = await stages.run('review', () => awaitReview(checked, receipt, deps.client));
  return { receipt, receiptPath, package: built };
}

async function validate(options: SubmissionOptions, deps: PublishDeps): Promise<StageEnd<CheckedPlugin>> {
  const { report, checked } = await precheckFolder(options, { ...deps, now: deps.now() });
  refuseInvalid(report);
  if (!checked) throw new TypeError('A valid report comes with a checked plugin.');
  const { id: pluginId, version } = checked.manifest;
  const versionId = formatVersionId(pluginId, version);
  deps.onChecked({ pluginId, version, channel: checked.channel, publishId: releaseWorkflowId(versionId) });
  const warnings = report.checks
    .filter((check) => check.status === 'warn')
    .flatMap((check) => check.problems);
  const remarks = warnings.map((each) => `; ${each.detail}`).join('');
  return {
    value: checked,
    text: `${versionId} for ${checked.channel}, ${report.checks.length} checks passed${remarks}`,
  };
}

async function pack(checked: CheckedPlugin, say: Say): Promise<StageEnd<UnsignedPackage>> {
  const folder = await packageFolder(checked.root);
  let bytesIn = 0;
  const value = await packUnsigned(checked, folder, ({ bytes, totalBytes }) => {
    bytesIn = totalBytes;
    say(bytes / Math.max(totalBytes, 1));
  });
  return { value, text: `${formatBytes(bytesIn)} packed` };
}

async function sign(checked: CheckedPlugin, unsigned: UnsignedPackage): Promise<StageEnd<BuiltPackage>> {
  const value = await signPackage(checked, unsigned);
  const { fingerprint, profile } = checked.signer;
  return { value, text: `${formatBytes(value.bytes)} signed by ${fingerprint} (profile ${profile})` };
}
