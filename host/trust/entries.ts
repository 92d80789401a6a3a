import { createHash } from 'node:crypto';
import type { SignedReleases, SignedVersion } from '../../contracts/distribution/releases';
import type { FeedEntry } from '../../contracts/rollouts/feed';
import { formatVersionId } from '../../core/ids';
import { isOffered } from '../../core/rollouts/cohort';

/** This host's tenant: its id, and the key by which signed rules name it. */
export interface TenantName {
  tenantId: string;
  tenantKey: string;
}

/** How a signed rule names a tenant: nobody who does not know the key can tell who is meant. */
export const nameTenant = (salt: string, tenantKey: string): string =>
  createHash('sha256').update(`${salt}:${tenantKey}`).digest('hex');

const NOBODY = { basisPoints: 0, allow: [], deny: [] };

/**
 * What is signed, as this tenant's offers. The marketplace may offer less than is signed, never more: where
 * the feed's latest entry for a version does not include the tenant, the version is not offered, though it is
 * not withdrawn either.
 *
 * @param isFresh whether what is signed has not expired; if it has, nothing is offered
 */
export function toOffers(
  releases: Readonly<Record<string, SignedReleases>>,
  told: Readonly<Record<string, FeedEntry>>,
  tenant: TenantName,
  isFresh: boolean,
): Record<string, FeedEntry> {
  const entries = Object.values(releases).flatMap((document) =>
    document.versions.map((version) => toEntry(document, version, tenant)),
  );
  return Object.fromEntries(
    entries.map((entry) => {
      const word = told[entry.versionId];
      const isNarrower = word !== undefined && word.revision >= entry.revision && !includes(word, tenant);
      const isOpen = isFresh && !isNarrower;
      return [entry.versionId, isOpen ? entry : { ...entry, rule: { ...entry.rule, ...NOBODY } }];
    }),
  );
}

const includes = ({ kind, rule }: FeedEntry, { tenantId }: TenantName): boolean =>
  kind === 'offer' && isOffered(rule, tenantId);

function toEntry(
  { pluginId, publisherId }: SignedReleases,
  { state, rule, ...rest }: SignedVersion,
  { tenantId, tenantKey }: TenantName,
): FeedEntry {
  const name = nameTenant(rule.salt, tenantKey);
  const only = (names: readonly string[]) => (names.includes(name) ? [tenantId] : []);
  return {
    ...rest,
    kind: state === 'withdrawn' ? 'withdraw' : 'offer',
    pluginId,
    versionId: formatVersionId(pluginId, rest.version),
    rule: { ...rule, allow: only(rule.allow), deny: only(rule.deny) },
    publisherId,
    signedBy: '',
  };
}

/** Versions that are signed for this tenant and that the marketplace, by what it tells, keeps back. */
export function listKeptBack(
  releases: Readonly<Record<string, SignedReleases>>,
  told: Readonly<Record<string, FeedEntry>>,
  tenant: TenantName,
): string[] {
  const signed = toOffers(releases, {}, tenant, true);
  const narrowed = toOffers(releases, told, tenant, true);
  return Object.keys(signed).filter((id) => {
    const [offer, left] = [signed[id], narrowed[id]];
    return offer && left && includes(offer, tenant) && !includes(left, tenant);
  });
}
