import { isObject } from '../../core/messages';
import type { SourceOrigin } from './source';
import { text } from './text';

/**
 * Where a proposed id comes from: the author's own choice, the name of an npm package, the repository's
 * owner at GitHub, or nothing better than a placeholder, which its author should change.
 */
export type IdOrigin = 'chosen' | 'npm' | 'github' | 'placeholder';

export interface ProposedId {
  id: string;
  idOrigin: IdOrigin;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * `--id`, else what package.json says under `px-plugin.id`, else an id that is derived and so always the
 * same: from the registry `com.npm.<name>`; of a folder `io.github.<owner>.<name>` where package.json names
 * a repository at GitHub, and else `com.example.<name>`.
 */
export function proposeId(
  packageJson: Fields,
  host: Fields,
  { given, origin }: { given: string | undefined; origin: SourceOrigin },
): ProposedId {
  const own = packageJson['px-plugin'];
  const chosen = given ?? (isObject(own) ? text(own.id) : undefined);
  if (chosen !== undefined) return { id: chosen, idOrigin: 'chosen' };
  const { scope, name } = splitName(text(packageJson.name) ?? text(host.id) ?? 'plugin');
  const prefix = choosePrefix(packageJson, scope, origin);
  return { id: [...prefix.parts, name].map(normalised).join('.'), idOrigin: prefix.idOrigin };
}

function choosePrefix(
  packageJson: Fields,
  scope: string | undefined,
  origin: SourceOrigin,
): { parts: string[]; idOrigin: IdOrigin } {
  const scoped = scope === undefined ? [] : [scope];
  if (origin === 'registry') return { parts: ['com', 'npm', ...scoped], idOrigin: 'npm' };
  const owner = findGithubOwner(packageJson.repository);
  if (owner !== undefined) return { parts: ['io', 'github', owner], idOrigin: 'github' };
  return { parts: ['com', 'example', ...scoped], idOrigin: 'placeholder' };
}

/** A name of npm: `name` or `@scope/name`. */
function splitName(full: string): { scope: string | undefined; name: string } {
  const [, scope, name = 'plugin'] = /^(?:@([^/]+)\/)?(.+)$/.exec(full) ?? [];
  return { scope, name };
}

/** npm writes a repository as `owner/name`, `github:owner/name`, an address, or an object with one. */
function findGithubOwner(repository: unknown): string | undefined {
  const address = text(isObject(repository) ? repository.url : repository);
  if (address === undefined) return undefined;
  const found = /^(?:github:)?([\w-]+)\/[\w.-]+$|(?:^|[/@])github\.com[/:]([\w-]+)\//.exec(address);
  return found?.[1] ?? found?.[2];
}

const normalised = (part: string): string =>
  part
    .toLowerCase()
    .replace(/[^a-z0-9-_.]+/g, '-')
    .replace(/^[-_.]+|[-_.]+$/g, '') || 'x';
