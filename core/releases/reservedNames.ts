import { PLATFORM } from '../ids';
import { toSkeleton } from './skeleton';

/**
 * Names by which a plugin would pass for somebody else: the platform, its staff, or a well-known vendor. None is
 * refused; whoever uses one is looked at by a person.
 */

/** Anywhere in an id, or as the display name's beginning. */
const platform = [PLATFORM, 'px-plugin'] as const;

/** As one of the parts of an id, which dots, hyphens and underscores divide: what only the platform may say of a plugin. */
const claims = ['official', 'verified', 'trusted', 'certified', 'endorsed', 'staff'] as const;

/** As the whole id, or as what follows a vendor's domain. */
const roles = [
  ...['admin', 'administrator', 'system', 'root', 'operator', 'reviewer', 'moderator', 'support', 'security'],
  ...[
    'api',
    'core',
    'internal',
    'host',
    'hosts',
    'marketplace',
    'store',
    'platform',
    'registry',
    'catalogue',
  ],
  ...[
    'plugin',
    'plugins',
    'update',
    'updates',
    'updater',
    'installer',
    'login',
    'billing',
    'payments',
    'test',
  ],
] as const;

/** Hosts of plugins, as the whole id. */
const hosts = [
  ...['obsidian', 'n8n', 'vscode', 'jenkins', 'grafana', 'wordpress', 'figma', 'slack', 'jira', 'confluence'],
  ...[
    'kodi',
    'gimp',
    'blender',
    'chrome',
    'firefox',
    'github',
    'gitlab',
    'docker',
    'kubernetes',
    'homeassistant',
  ],
] as const;

/** Domains of vendors, written as the first parts of an id. */
const domains = [
  ...['com.google', 'com.microsoft', 'com.apple', 'com.amazon', 'com.github', 'com.gitlab', 'com.atlassian'],
  ...[
    'com.slack',
    'com.figma',
    'com.facebook',
    'com.meta',
    'com.openai',
    'com.anthropic',
    'com.stripe',
    'com.adobe',
  ],
  ...['md.obsidian', 'io.n8n', 'org.mozilla', 'org.jenkins', 'com.grafana', 'com.docker', 'io.kubernetes'],
] as const;

const split = (id: string): string[] => id.split(/[-_.]+/).filter(Boolean);

/**
 * Reserved words that a plugin uses in its id or its display name, also written in letters that look like them.
 *
 * @param own words of the operators, each reserved as a part of an id
 */
export function findReserved(
  { pluginId, name }: { pluginId: string; name: string },
  own: readonly string[] = [],
): string[] {
  const whole = toSkeleton(pluginId);
  const parts = new Set(split(pluginId).map(toSkeleton));
  const shown = toSkeleton(name);
  const begins = (domain: string): boolean => `${split(pluginId).join('.')}.`.startsWith(`${domain}.`);
  const found = [
    ...platform.filter((word) => whole.includes(toSkeleton(word)) || shown.startsWith(toSkeleton(word))),
    ...[...claims, ...own].filter((word) => parts.has(toSkeleton(word)) || whole === toSkeleton(word)),
    ...[...roles, ...hosts].filter((word) => whole === toSkeleton(word)),
    ...domains.filter(begins),
  ];
  return [...new Set(found)];
}
