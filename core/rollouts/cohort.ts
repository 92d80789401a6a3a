import { v3 as murmur3 } from 'murmurhash';
import { EVERYONE } from '../releases/rolloutPlan';

/**
 * Who gets a version now. Data only, so that a mirror or a host can compute it offline.
 * `basisPoints` runs from 0 (nobody) to {@link EVERYONE}; deny beats allow.
 */
export interface OfferRule {
  salt: string;
  basisPoints: number;
  allow: readonly string[];
  deny: readonly string[];
}

/**
 * The tenant's place in a release's order, 0 to 9,999: a hash over the full 32 bits, so every
 * place is as likely as another (P01), and salted by the release, so that the first cohort of
 * one release is not the first of the next (P02).
 */
export const computeBucket = (salt: string, tenantId: string): number =>
  murmur3(`${salt}:${tenantId}`) % EVERYONE;

/**
 * Whether the rule includes the tenant. Strictly below (P52), so 0 means nobody; a larger
 * `basisPoints` only ever adds tenants, which makes cohorts monotone and sticky without a table.
 */
export function isOffered(rule: OfferRule, tenantId: string): boolean {
  if (rule.deny.includes(tenantId)) return false;
  if (rule.basisPoints > 0 && rule.allow.includes(tenantId)) return true;
  return computeBucket(rule.salt, tenantId) < rule.basisPoints;
}
