import { PLATFORM } from '../ids';
import { describeRestriction, type RestrictionKind, type RestrictionSubject } from './restrictions';
import type { TimelineEntry } from './timeline';

/** What the timeline tells of a restriction under which the version of a release falls. */
interface ToldRestriction {
  id: string;
  kind: RestrictionKind;
  subjectKind: RestrictionSubject;
  subjectId: string;
  reason: string;
  imposedBy: string;
  expiresAt: Date | null;
  liftedBy: string | null;
  liftReason: string | null;
}

const toData = ({ id, kind, subjectKind, subjectId }: ToldRestriction) => ({
  ...{ restrictionId: id, restriction: kind, subjectKind, subjectId },
});

/** That the version is withheld from now on, until when and why. */
export const describeImposed = (restriction: ToldRestriction): TimelineEntry => ({
  key: `restriction:${restriction.id}:imposed`,
  kind: 'restricted',
  text: describeRestriction(restriction),
  actor: restriction.imposedBy,
  data: { ...toData(restriction), expiresAt: restriction.expiresAt?.toISOString() ?? null },
});

/** That the restriction is over. Others may still be in force. */
export const describeLifted = (restriction: ToldRestriction): TimelineEntry => ({
  key: `restriction:${restriction.id}:lifted`,
  kind: 'restriction_lifted',
  text: `The ${restriction.kind} of ${restriction.subjectId} was lifted. ${restriction.liftReason ?? ''}`.trim(),
  actor: restriction.liftedBy ?? PLATFORM,
  data: toData(restriction),
});
