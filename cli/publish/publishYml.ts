import { catalogue } from '../../core/errors/catalogue';
import { problem, type Problem } from '../../core/errors/errors';
import type { PrecheckReport } from '../../core/releases/precheck';
import { isPrerelease } from '../../core/version';
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
  const isNamed = options.channel !== undefined || file.channels !== undefined;
  const problems = isNamed ? [] : checkUnnamedChannel(folder);
  return { channel, rollout: rolloutFor(file, channel), problems };
}

/** A version that says of itself that it is not finished goes to nobody by default: all tenants follow `stable`. */
function checkUnnamedChannel({ manifest }: PluginFolder): Problem[] {
  const version = 'value' in manifest ? manifest.value.version : undefined;
  if (version === undefined || !isPrerelease(version)) return [];
  const detail = `${version} is a prerelease, and neither --channel nor publish.yml says to which channel it goes.`;
  return [problem('CHANNEL_UNCLEAR', detail, '/channel')];
}

/** Adds the check of publish.yml to a report: the file exists on this side only, so the shared rules do not know it. */
export function addPublishYmlCheck(report: PrecheckReport, problems: readonly Problem[]): PrecheckReport {
  const check = {
    id: 'publish-yml',
    title: 'publish.yml is valid, and the channel is clear',
    status: problems.length > 0 ? ('fail' as const) : ('pass' as const),
    problems: [...problems],
    remediation: problems.length > 0 ? nextStep(problems) : null,
  };
  const errors = [...report.errors, ...problems];
  return { valid: errors.length === 0, errors, checks: [...report.checks, check] };
}

const nextStep = (problems: readonly Problem[]): string =>
  [...new Set(problems.map(({ code }) => catalogue[code].next))].join(' ');
