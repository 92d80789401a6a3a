import { findReserved } from './reservedNames';
import { differByOne, SHORTEST_NEAR, toSkeleton } from './skeleton';
import { PLATFORM } from '../ids';
import type { TimelineEntry } from './timeline';

export const nameFindingKinds = ['reserved', 'look_alike', 'same_name'] as const;
export type NameFindingKind = (typeof nameFindingKinds)[number];

/** Why a person should look at the name of a plugin before its first version is listed. It refuses nothing. */
export interface NameFinding {
  kind: NameFindingKind;
  /** What the name resembles: a plugin of another publisher, or a reserved word. Null where the reader may not know. */
  resembles: string | null;
  /** Whose that plugin is; null for a reserved word, and where the reader may not know. */
  publisherId: string | null;
  /** Whether that plugin was listed, so that its id is no secret. */
  isPublic: boolean;
}

/** A plugin as far as its names go. */
export interface NamedPlugin {
  pluginId: string;
  /** For people; any text. */
  name: string;
  publisherId: string;
}

/** More than these say nothing more, and what is stored with a release has a bound. */
export const MAX_NAME_FINDINGS = 5;

/**
 * What a reviewer should know of a plugin's names: that they are reserved, or that they look like those of a verified
 * plugin of another publisher. The worst comes first, and of equal ones the plugin that was there first.
 *
 * @param others verified plugins that may look alike, in the order in which they were verified
 * @param reserved words that the operators reserve besides the platform's own
 */
export function findNames(
  plugin: NamedPlugin,
  others: readonly (NamedPlugin & Pick<NameFinding, 'isPublic'>)[],
  reserved: readonly string[],
): NameFinding[] {
  const words = findReserved(plugin, reserved).map((word): NameFinding => ({
    kind: 'reserved',
    resembles: word,
    publisherId: null,
    isPublic: true,
  }));
  const foreign = others.filter(({ publisherId }) => publisherId !== plugin.publisherId);
  const alike = (kind: NameFindingKind, resembles: (other: NamedPlugin) => boolean): NameFinding[] =>
    foreign
      .filter(resembles)
      .map(({ pluginId, publisherId, isPublic }) => ({ kind, resembles: pluginId, publisherId, isPublic }));
  const lookAlike = alike('look_alike', (other) => looksLike(plugin.pluginId, other.pluginId));
  const known = new Set(lookAlike.map(({ resembles }) => resembles));
  const sameName = alike('same_name', (other) => hasSameName(plugin, other)).filter(
    ({ resembles }) => !known.has(resembles),
  );
  return [...lookAlike, ...words, ...sameName].slice(0, MAX_NAME_FINDINGS);
}

/** Whether one plugin id may be taken for another. A number in the place of another number tells two ids apart. */
export function looksLike(one: string, other: string): boolean {
  if (one === other || differInNumbers(one, other)) return false;
  const [a, b] = [toSkeleton(one), toSkeleton(other)];
  if (a === b) return true;
  return Math.min(a.length, b.length) >= SHORTEST_NEAR && differByOne(a, b);
}

const withoutNumbers = (id: string): string => id.replace(/\d+/g, '#');

/** As `notes-1` and `notes-2` do; letters that pass for numbers are none. */
const differInNumbers = (one: string, other: string): boolean =>
  /\d/.test(one) && withoutNumbers(one) === withoutNumbers(other);

function hasSameName(one: NamedPlugin, other: NamedPlugin): boolean {
  const skeleton = toSkeleton(one.name);
  return skeleton !== '' && skeleton === toSkeleton(other.name);
}

/** A finding as the plugin's publisher may read it: plugins of others that were never listed stay unnamed. */
export const forPublisher = (finding: NameFinding): NameFinding =>
  finding.isPublic ? finding : { ...finding, resembles: null, publisherId: null };

/** A finding in one sentence. */
export function describeNameFinding(pluginId: string, finding: NameFinding): string {
  const { kind, resembles, publisherId } = finding;
  if (kind === 'reserved') return `${pluginId} uses the reserved name ${resembles ?? ''}.`;
  const whose = resembles === null ? 'a plugin' : `the plugin ${resembles}`;
  const of = publisherId === null ? 'another publisher' : publisherId;
  return kind === 'look_alike'
    ? `${pluginId} looks like ${whose} of ${of}.`
    : `${pluginId} has the same display name as ${whose} of ${of}.`;
}

/** What publisher and reviewers read on the timeline; nothing is refused by it. */
export const describeNamed = (pluginId: string, findings: readonly NameFinding[]): TimelineEntry => ({
  key: 'name_noted',
  kind: 'name_noted',
  text: `A reviewer will look at the name: ${findings
    .map((each) => describeNameFinding(pluginId, forPublisher(each)))
    .join(' ')}`,
  actor: PLATFORM,
  data: { kinds: findings.map(({ kind }) => kind) },
});
