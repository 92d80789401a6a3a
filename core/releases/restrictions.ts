import { DAY } from '../duration';
import { problem, type Problem } from '../errors/errors';

/**
 * What the platform withholds, from the least to the most: `delay` holds the listing until it ends, `quarantine`
 * offers the version to nobody new, `block` also takes it back from who has it.
 */
export const restrictionKinds = ['delay', 'quarantine', 'block'] as const;
export type RestrictionKind = (typeof restrictionKinds)[number];

/** What may be restricted: a version, all versions of a plugin or of a publisher, or all that one key signed. */
export const restrictionSubjects = ['version', 'plugin', 'publisher', 'key'] as const;
export type RestrictionSubject = (typeof restrictionSubjects)[number];

/** The kinds under which a listed version is offered to nobody and leaves the catalogue. */
export const withholdingKinds = ['quarantine', 'block'] as const satisfies readonly RestrictionKind[];

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

/** Why a publisher cannot appeal: the restriction is over, or was appealed against before. */
export function checkAppeal({
  liftedAt,
  appealedAt,
}: {
  liftedAt: Date | null;
  appealedAt: Date | null;
}): Problem[] {
  if (liftedAt) return [problem('RESTRICTION_OVER', 'The restriction was lifted or has ended.')];
  return appealedAt ? [problem('APPEAL_GIVEN', 'An appeal against the restriction is on record.')] : [];
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

/** The restriction of a version, plugin, publisher or key in a sentence, with its reason. */
export const describeRestriction = (restriction: {
  kind: RestrictionKind;
  subjectKind: RestrictionSubject;
  subjectId: string;
  reason: string;
  expiresAt: Date | null;
}): string => {
  const { kind, subjectKind, subjectId, reason, expiresAt } = restriction;
  const subject = subjectKind === 'version' ? subjectId : `Everything of ${subjectKind} ${subjectId}`;
  const until = expiresAt ? ` until ${expiresAt.toISOString()}` : '';
  return `${subject} ${deeds[kind]}${until}. Reason: ${reason}`;
};

/** The first pause before a release that may not be listed yet is looked at again, and the longest, in milliseconds. */
export const LISTING_PAUSE = { firstMs: 60_000, longestMs: 1_800_000 };
