import { normalisePermissions } from '../../core/releases/permissions';
import { isVersion } from '../../core/version';
import { refuseIfAny, problem } from '../../core/errors/errors';
import { manifestSchema, type Manifest } from '../../contracts/releases/manifest';
import { findEntry } from './entry';
import { HEALTH_SCRIPT } from './healthScript';
import { proposeId, type IdOrigin } from './pluginId';
import type { SourceOrigin } from './source';
import type { SourceFacts } from './sourceFacts';
import { text } from './text';

export interface DescribeOptions {
  id?: string | undefined;
  version?: string | undefined;
}

export interface Description {
  manifest: Manifest;
  /** Where the id comes from. */
  idOrigin: IdOrigin;
}

/** What the plugin folder's manifest will say, derived from what the source says of itself. */
export function describePlugin(
  facts: SourceFacts,
  options: DescribeOptions,
  origin: SourceOrigin,
): Description {
  const { packageJson } = facts;
  const host = facts.hostManifests[0]?.value ?? {};
  const version = options.version ?? text(packageJson.version) ?? text(host.version) ?? '';
  const entry = findEntry(facts);
  refuseIfAny([
    ...(isVersion(version)
      ? []
      : [problem('VERSION_INVALID', `"${version}" is not a SemVer 2.0.0 version.`)]),
    ...(entry ? [] : [problem('SOURCE_UNREADABLE', 'The source contains no file that a host could load.')]),
  ]);
  const { id, idOrigin } = proposeId(packageJson, host, { given: options.id, origin });
  const manifest = manifestSchema.parse({
    id,
    version,
    permissions: readPermissions(host),
    runtime: {
      kind: 'library',
      entry: `dist/${entry}`,
      health: { script: HEALTH_SCRIPT, timeoutSeconds: 15 },
    },
    ...describeToPeople(packageJson, host),
  });
  return { manifest, idOrigin };
}

/** What a host's manifest says to people counts more than what package.json says to developers. */
function describeToPeople(packageJson: Record<string, unknown>, host: Record<string, unknown>) {
  const name = text(host.name) ?? text(packageJson.displayName) ?? text(packageJson.name);
  return {
    name: limited(name ?? 'plugin', 100),
    description: limited(text(host.description) ?? text(packageJson.description) ?? '', 2000),
    ...optional('license', text(packageJson.license), 200),
    ...optional('author', readAuthor(packageJson.author) ?? text(host.author), 200),
    ...optional('homepage', text(packageJson.homepage) ?? text(host.homepage_url), 500),
  };
}

const limited = (value: string, length: number): string => value.slice(0, length);

const optional = (key: string, value: string | undefined, length: number): Record<string, string> =>
  value === undefined ? {} : { [key]: limited(value, length) };

/** npm writes people as texts or as objects. */
function readAuthor(author: unknown): string | undefined {
  if (typeof author !== 'object' || author === null) return text(author);
  return 'name' in author ? text(author.name) : undefined;
}

/** A host's own list of permissions, when it has one of the shapes that are known; otherwise none. */
function readPermissions(host: Record<string, unknown>): string[] {
  const { permissions } = host;
  if (Array.isArray(permissions)) {
    return normalisePermissions(permissions.filter((each) => typeof each === 'string'));
  }
  return typeof permissions === 'object' && permissions !== null
    ? normalisePermissions(permissions as Record<string, unknown>)
    : [];
}
