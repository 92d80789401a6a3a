import { DAY } from '../duration';
import { problem, type Problem } from '../errors/errors';
import { quoteSentences } from '../foreignText';
import type { RevocationReason } from '../identity/keys';

/**
 * What the platform withholds, from the least to the most: `delay` holds the listing until it ends, `quarantine`
 * offers the version to nobody new, `block` also takes it back from who has it.
 */
export const restrictionKinds = ['delay', 'quarantine', 'block'] as const;
export type RestrictionKind = (typeof restrictionKinds)[number];

/** What may be restricted: a version, all versions of a plugin or of a publisher, or all that one key signed. */
export const restrictionSubjects = ['version', 'plugin', 'publisher', 'key'] as const;
export type RestrictionSubject = (typeof restrictionSubjects)[number];

/** Why there is one: somebody decided so, or a key was revoked in a way that distrusts what it signed. */
export const restrictionCauses = ['decision', 'revocation'] as const;
export type RestrictionCause = (typeof restrictionCauses)[number];

/** Which of them a list shows: those in force, those of them whose appeal nobody has answered, or all. */
export const restrictionViews = ['in_force', 'appeals', 'all'] as const;
export type RestrictionsShown = (typeof restrictionViews)[number];

/** The kinds under which a listed version is offered to nobody and leaves the catalogue. */
export const withholdingKinds = ['quarantine', 'block'] as const satisfies readonly RestrictionKind[];

/** Whether tenants are not offered a listed version under it. */
export const isWithholding = ({ kind }: { kind: RestrictionKind }): boolean =>
  withholdingKinds.some((each) => each === kind);

/** At most this long after it is imposed, in milliseconds; a block or quarantine may last until it is lifted. */
export const LONGEST_RESTRICTION_MS = 730 * DAY;

/** A restriction as it is asked for. */
export interface RestrictionRequest {
  kind: RestrictionKind;
  subjectKind: RestrictionSubject;
  subjectId: string;
  expiresAt: Date | null;
}

/** Why a restriction cannot be imposed: RESTRICTION_INVALID, or nothing. */
export function checkRestriction({ kind, expiresAt }: RestrictionRequest, now: Date): Problem[] {
  if (expiresAt === null) {
    return kind === 'delay'
      ? [problem('RESTRICTION_INVALID', 'A delay needs the moment at which it ends.', '/expiresAt')]
      : [];
  }
  const lasts = expiresAt.getTime() - now.getTime();
  if (lasts <= 0)
    return [problem('RESTRICTION_INVALID', 'The restriction would end in the past.', '/expiresAt')];
  if (lasts > LONGEST_RESTRICTION_MS) {
    const detail =
      'A restriction with an end lasts at most two years; leave the end away to keep it until it is lifted.';
    return [problem('RESTRICTION_INVALID', detail, '/expiresAt')];
  }
  return [];
}

/** What decides whether a restriction may be lifted or appealed against. */
interface Lasting {
  cause: RestrictionCause;
  subjectId: string;
  liftedAt: Date | null;
}

/** Why a restriction cannot be lifted: it is over, or follows from a revocation, which is never taken back. */
export function checkLift({ cause, subjectId, liftedAt }: Lasting): Problem[] {
  if (liftedAt) return [problem('RESTRICTION_OVER', 'The restriction was lifted or has ended.')];
  if (cause === 'decision') return [];
  return [problem('RESTRICTION_LASTS', `What the revoked key ${subjectId} signed stays withheld.`)];
}

/** Why a publisher cannot appeal: nobody could lift the restriction, or it was appealed against before. */
export function checkAppeal({
  appealedAt,
  ...restriction
}: Lasting & { appealedAt: Date | null }): Problem[] {
  const problems = checkLift(restriction);
  if (problems.length > 0) return problems;
  return appealedAt ? [problem('APPEAL_GIVEN', 'An appeal against the restriction is on record.')] : [];
}

/** Why an appeal cannot be answered: there is none, it was answered, or the restriction is over. */
export function checkAnswer({
  liftedAt,
  appealedAt,
  answeredAt,
}: Pick<Lasting, 'liftedAt'> & { appealedAt: Date | null; answeredAt: Date | null }): Problem[] {
  if (liftedAt) return [problem('RESTRICTION_OVER', 'The restriction was lifted or has ended.')];
  return appealedAt && !answeredAt
    ? []
    : [problem('APPEAL_UNKNOWN', 'No appeal against the restriction waits for an answer.')];
}

/** The strictest of several restrictions on one version. */
export const findStrictest = <R extends { kind: RestrictionKind }>(
  restrictions: readonly R[],
): R | undefined =>
  restrictions.reduce<R | undefined>(
    (strictest, each) =>
      strictest && restrictionKinds.indexOf(strictest.kind) >= restrictionKinds.indexOf(each.kind)
        ? strictest
        : each,
    undefined,
  );

const deeds: Record<RestrictionKind, string> = {
  delay: 'is not listed yet',
  quarantine: 'is quarantined: nobody new is offered it',
  block: 'is blocked: nobody may have it',
};

const subjects: Record<RestrictionSubject, (id: string) => string> = {
  version: (id) => id,
  plugin: (id) => `Everything of plugin ${id}`,
  publisher: (id) => `Everything of publisher ${id}`,
  key: (id) => `Everything that the key ${id} signed`,
};

/** The reason of a restriction that a revocation imposes. */
export const describeRevocation = (reason: RevocationReason): string =>
  reason === 'unspecified' ? 'The key was revoked without a reason.' : `The key was revoked as ${reason}.`;

/** The restriction of a version, plugin, publisher or key in a sentence, with its reason. */
export const describeRestriction = (restriction: {
  kind: RestrictionKind;
  subjectKind: RestrictionSubject;
  subjectId: string;
  reason: string;
  /** A moment, or its ISO 8601 text. */
  expiresAt: Date | string | null;
}): string => {
  const { kind, subjectKind, subjectId, reason, expiresAt } = restriction;
  const until = expiresAt ? ` until ${new Date(expiresAt).toISOString()}` : '';
  return `${subjects[subjectKind](subjectId)} ${deeds[kind]}${until}. Reason: ${reason}`;
};

/** The first pause before a release that may not be listed yet is looked at again, and the longest, in milliseconds. */
export const LISTING_PAUSE = { firstMs: 60_000, longestMs: 1_800_000 };

/** How an appeal stands, in a sentence: what a publisher can do, or waits for. Empty where it was lifted without one. */
export function describeAppeal({
  cause,
  appeal,
  appealAnswer,
  liftedAt,
}: {
  cause: RestrictionCause;
  appeal: string | null;
  appealAnswer: string | null;
  liftedAt: Date | string | null;
}): string {
  if (cause === 'revocation')
    return 'It lasts as long as the revocation; content signed with another key can be published.';
  if (appeal === null) return liftedAt === null ? 'The publisher may appeal once.' : '';
  // What the publisher says must not read as if the operators had answered.
  const appealed = `The publisher appealed: ${quoteSentences(appeal)}`;
  if (appealAnswer !== null) return `${appealed} The operators answered: ${appealAnswer}`;
  return liftedAt === null ? `${appealed} The operators have not answered yet.` : appealed;
}
