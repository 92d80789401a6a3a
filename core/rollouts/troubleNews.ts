import { catalogue, isErrorCode } from '../errors/catalogue';
import type { Notice, NoticeSubject } from '../notifications/notice';
import { plural } from '../plural';
import { countTroubled, type TroubleCount } from './evidence';
import { classifyFailure, findTrouble } from './failureKinds';

/** Who is waiting for a version and how many have it, as far as an alert needs to know. */
interface Delivery {
  troubles: readonly TroubleCount[];
  /** Tenants with a result of the version's own. */
  results: number;
}

/** Below this share of the tenants that were heard of it is ordinary that a download fails now and then. */
const ORDINARY = 0.1;
const FEW = 2;

/**
 * Whether so many tenants cannot get a version that the trouble is the platform's: at least two, and a tenth of all
 * that were heard of. What is wrong at one host alone is told to its tenant.
 */
export function isWidespread({ troubles, results }: Delivery): boolean {
  const kept = countTroubled(troubles, 'way', 'ours');
  return kept >= FEW && kept >= ORDINARY * (kept + results);
}

/** The troubles of all stages by their codes, the most frequent first. */
function sumByCode(troubles: readonly TroubleCount[]): { code: string; tenants: number }[] {
  const sums = new Map<string, number>();
  for (const { code, tenants } of troubles) sums.set(code, (sums.get(code) ?? 0) + tenants);
  return [...sums]
    .map(([code, tenants]) => ({ code, tenants }))
    .sort((a, b) => b.tenants - a.tenants || a.code.localeCompare(b.code));
}

/** What a code means, as a person reads it; codes of another version of the product stand for themselves. */
const titleOf = (code: string): string => (isErrorCode(code) ? catalogue[code].title : code);

/** What keeps how many tenants from a version, whose it is and what helps; the most frequent first. */
export const viewTroubles = (troubles: readonly TroubleCount[]) =>
  sumByCode(troubles).map(({ code, tenants }) => ({
    ...{ code, kind: classifyFailure(code), tenants, title: titleOf(code) },
    next: isErrorCode(code) ? catalogue[code].next : '',
  }));

const describeTroubles = (troubles: readonly TroubleCount[]): string =>
  sumByCode(troubles)
    .map(({ code, tenants }) => `${titleOf(code)} (${plural(tenants, 'tenant')})`)
    .join('; ');

/** To the operators: many tenants cannot get the version, so that the way to them is at fault. */
export const deliveryTrouble = (
  { pluginId, versionId, version }: NoticeSubject,
  { troubles }: Delivery,
): Notice<'delivery_trouble'> => ({
  kind: 'delivery_trouble',
  pluginId,
  versionId,
  title: `Tenants cannot get ${pluginId} ${version}`,
  message: [
    `Not because of themselves, ${plural(countTroubled(troubles, 'way', 'ours'), 'tenant')} cannot get ${pluginId} ${version}: ${describeTroubles(troubles.filter(({ code }) => findTrouble(code) !== 'tenant'))}.`,
    'The version is not judged by this. Look at the object store, the API and what lies between them and the hosts.',
  ].join(' '),
  priority: 'high',
  upgrade: null,
});

/** To the publisher, once a stage: who could not take the version for reasons that are not the version's. */
export const troubleDigest = (
  { pluginId, versionId, version }: NoticeSubject,
  { stage, troubles }: { stage: number; troubles: readonly TroubleCount[] },
): Notice<'install_digest'> => ({
  kind: 'install_digest',
  pluginId,
  versionId,
  title: `${plural(
    troubles.reduce((sum, { tenants }) => sum + tenants, 0),
    'tenant',
  )} of stage ${stage} could not take ${pluginId} ${version} yet`,
  message: `Nothing of this counts against ${version}, and each host goes on by itself: ${describeTroubles(troubles)}.`,
  priority: 'normal',
  upgrade: null,
});
