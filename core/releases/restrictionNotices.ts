import { parseVersionId } from '../ids';
import type { Notice } from '../notifications/notice';
import {
  describeRestriction,
  type RestrictionCause,
  type RestrictionKind,
  type RestrictionSubject,
} from './restrictions';

/** What a notice about a restriction tells of it. */
interface ToldRestriction {
  kind: RestrictionKind;
  subjectKind: RestrictionSubject;
  subjectId: string;
  reason: string;
  expiresAt: Date | null;
}

/** A notice about a version, a plugin, or neither. */
type RestrictionNotice<Kind extends string> = Omit<Notice<Kind>, 'pluginId' | 'versionId'> & {
  pluginId: string | null;
  versionId: string | null;
};

const findSubject = ({ subjectKind, subjectId }: ToldRestriction) => ({
  pluginId: findPlugin(subjectKind, subjectId),
  versionId: subjectKind === 'version' ? subjectId : null,
  upgrade: null,
});

function findPlugin(kind: RestrictionSubject, id: string): string | null {
  if (kind === 'plugin') return id;
  return kind === 'version' ? (parseVersionId(id)?.pluginId ?? null) : null;
}

/** What may be done about it. */
const nextSteps: Record<RestrictionCause, string> = {
  decision: 'You may appeal once.',
  revocation:
    'Running rollouts are paused; aborting one takes the version back from who has it. Publish the content anew, signed with another key.',
};

/** To the publisher, and to the operators where nobody of them decided it. */
export const restrictionImposed = (
  restriction: ToldRestriction & { cause: RestrictionCause },
): RestrictionNotice<'restricted'> => ({
  ...findSubject(restriction),
  kind: 'restricted',
  title: `${restriction.subjectId} is restricted`,
  message: `${endSentence(describeRestriction(restriction))} ${nextSteps[restriction.cause]}`,
  priority: 'high',
});

/** To the publisher. */
export const restrictionLifted = (
  restriction: ToldRestriction & { liftReason: string | null },
): RestrictionNotice<'restriction_lifted'> => ({
  ...findSubject(restriction),
  kind: 'restriction_lifted',
  title: `The restriction of ${restriction.subjectId} was lifted`,
  message: endSentence(
    `The ${restriction.kind} of ${restriction.subjectId} was lifted. ${restriction.liftReason ?? ''}`.trim(),
  ),
  priority: 'normal',
});

/** To the operators. */
export const restrictionAppealed = (
  restriction: ToldRestriction,
  appeal: string,
): RestrictionNotice<'restriction_appealed'> => ({
  ...findSubject(restriction),
  kind: 'restriction_appealed',
  title: `The publisher appeals against the ${restriction.kind} of ${restriction.subjectId}`,
  message: endSentence(`The publisher of ${restriction.subjectId} says: ${appeal}`),
  priority: 'high',
});

/** To the publisher: the restriction stays. */
export const appealAnswered = (
  restriction: ToldRestriction,
  answer: string,
): RestrictionNotice<'appeal_answered'> => ({
  ...findSubject(restriction),
  kind: 'appeal_answered',
  title: `The appeal against the ${restriction.kind} of ${restriction.subjectId} was answered`,
  message: endSentence(
    `The ${restriction.kind} of ${restriction.subjectId} stays. The operators say: ${answer}`,
  ),
  priority: 'high',
});

const endSentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
