import type { Problem } from '../../core/errors/errors';
import type { PrecheckReport } from '../../core/releases/precheck';
import { defaultChannel, rolloutFor } from '../../contracts/releases/publishYml';
import type { RolloutInput } from '../../contracts/releases/rolloutInput';
import type { PluginFolder } from '../input/pluginFolder';

/** Where a submission goes, and how it is rolled out there. */
export interface SubmissionPlan {
  channel: string;
  rollout: RolloutInput | undefined;
  problems: readonly Problem[];
}

/** The channel of the command line counts more than that of publish.yml, which counts more than the default. */
export function planSubmission(
  folder: PluginFolder,
  options: { channel?: string | undefined },
): SubmissionPlan {
  if ('problems' in folder.publishYml) {
    return { channel: options.channel ?? 'stable', rollout: undefined, problems: folder.publishYml.problems };
  }
  const file = folder.publishYml.value;
  const channel = options.channel ?? defaultChannel(file);
  return { channel, rollout: rolloutFor(file, channel), problems: [] };
}

/** Adds the check of publish.yml to a report: the file exists on this side only, so the shared rules do not know it. */
export function addPublishYmlCheck(report: PrecheckReport, problems: readonly Problem[]): PrecheckReport {
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
