import { problem, type Problem } from '../errors/errors';
import { limits } from '../limits';
import { compareDescriptions } from './agreement';
import { describeUnsatisfied } from './imports';
import type { Parsed, PrecheckFacts } from './precheckFacts';
import { checkStages } from './rolloutPlan';
import { checkIncrement, isVersion } from '../version';

/** What a rule found. Warnings are shown and refuse nothing. */
export interface Findings {
  errors: readonly Problem[];
  warnings?: readonly Problem[];
}

/** A rule answers undefined when the facts that it judges are not known on this side. */
export interface PrecheckRule {
  id: string;
  title: string;
  judge(facts: PrecheckFacts): Findings | undefined;
}

const known = <T>(parsed: Parsed<T> | undefined): T | undefined =>
  parsed && 'value' in parsed ? parsed.value : undefined;

const parseErrors = (parsed: Parsed<unknown> | undefined): Findings | undefined =>
  parsed && { errors: 'problems' in parsed ? parsed.problems : [] };

function judgeAgreement({ manifest, pluginYaml }: PrecheckFacts): Findings | undefined {
  const left = known(manifest);
  const right = known(pluginYaml);
  return left && right && { errors: compareDescriptions(left, right) };
}

const underDist = (file: string): boolean => file.startsWith('dist/');

function judgeDist({ files }: PrecheckFacts): Findings | undefined {
  if (!files) return undefined;
  return {
    errors: files.some(underDist) ? [] : [problem('DIST_EMPTY', 'There are no files under dist/.', 'dist')],
  };
}

function judgeEntry({ manifest, files }: PrecheckFacts): Findings | undefined {
  const plugin = known(manifest);
  if (!plugin || !files) return undefined;
  const { entry } = plugin.runtime;
  if (files.includes(entry)) return { errors: [] };
  return {
    errors: [
      problem('ENTRY_MISSING', `runtime.entry names ${entry}, which does not exist.`, '/runtime/entry'),
    ],
  };
}

/** Hosts judge a plugin by its health check alone, so one that names none cannot be rolled out. */
function judgeHealth({ manifest, files }: PrecheckFacts): Findings | undefined {
  const plugin = known(manifest);
  if (!plugin) return undefined;
  const script = plugin.runtime.health?.script;
  const bad = (detail: string): Findings => ({
    errors: [problem('HEALTH_MISSING', detail, '/runtime/health')],
  });
  if (!script) return bad('The manifest has no runtime.health.script.');
  if (files && !files.includes(script)) return bad(`runtime.health names ${script}, which does not exist.`);
  return { errors: [] };
}

function judgeNotes({ notes, manifest }: PrecheckFacts): Findings | undefined {
  if (notes === undefined) return undefined;
  const version = known(manifest)?.version ?? 'this version';
  if (notes === null || notes.text.trim() === '') {
    return { errors: [problem('NOTES_MISSING', `There are no release notes for ${version}.`, '/notes')] };
  }
  const { length } = notes.text.trim();
  if (length > limits.releaseNotes) {
    const detail = `The release notes of ${version} have ${length} characters; ${limits.releaseNotes} are the most.`;
    return { errors: [problem('NOTES_TOO_LONG', detail, '/notes')] };
  }
  if (notes.source !== 'generated') return { errors: [] };
  const detail = `The release notes of ${version} were generated; write what changed for its users.`;
  return { errors: [], warnings: [problem('NOTES_MISSING', detail, '/notes')] };
}

/** SemVer, and above every other version of the channel (PRE-02). */
function judgeVersion({ manifest, channel, publishedVersions }: PrecheckFacts): Findings | undefined {
  const version = known(manifest)?.version;
  if (version === undefined) return undefined;
  if (!isVersion(version)) {
    return {
      errors: [problem('VERSION_INVALID', `"${version}" is not a SemVer 2.0.0 version.`, '/version')],
    };
  }
  return { errors: checkIncrement(version, channel?.name ?? 'stable', publishedVersions ?? []) };
}

function judgeChannel({ channel }: PrecheckFacts): Findings | undefined {
  if (!channel) return undefined;
  if (channel.allowed.includes(channel.name)) return { errors: [] };
  const detail = `There is no channel "${channel.name}"; allowed are ${channel.allowed.join(' and ')}.`;
  return { errors: [problem('CHANNEL_INVALID', detail, '/channel')] };
}

/** In the order in which they are told; each judges on its own, so that all problems show at once. */
export const precheckRules: readonly PrecheckRule[] = [
  { id: 'manifest', title: 'manifest.json is valid', judge: (facts) => parseErrors(facts.manifest) },
  { id: 'plugin-yaml', title: 'plugin.yaml is valid', judge: (facts) => parseErrors(facts.pluginYaml) },
  { id: 'agreement', title: 'manifest.json and plugin.yaml agree', judge: judgeAgreement },
  { id: 'dist', title: 'dist holds files', judge: judgeDist },
  {
    id: 'files',
    title: 'Every file can be packed',
    judge: ({ fileProblems }) => fileProblems && { errors: fileProblems },
  },
  {
    id: 'contents',
    title: 'No credentials, and no native programs where none may be',
    judge: ({ contentProblems }) => contentProblems && { errors: contentProblems },
  },
  { id: 'entry', title: 'The entry file exists', judge: judgeEntry },
  {
    id: 'imports',
    title: 'Every import is satisfied',
    judge: ({ imports }) => imports && { errors: describeUnsatisfied(imports) },
  },
  { id: 'health', title: 'The health check exists', judge: judgeHealth },
  { id: 'notes', title: 'There are release notes', judge: judgeNotes },
  { id: 'version', title: 'The version is newer', judge: judgeVersion },
  { id: 'channel', title: 'The channel exists', judge: judgeChannel },
  {
    id: 'rollout',
    title: 'The rollout plan is valid',
    judge: ({ stages }) => stages && { errors: checkStages(stages) },
  },
  {
    id: 'signing',
    title: 'The signing profile can sign',
    judge: ({ signing }) => signing && { errors: signing.problems },
  },
  {
    id: 'account',
    title: 'The token may publish, and the key is registered',
    judge: ({ accountProblems }) => accountProblems && { errors: accountProblems },
  },
];
