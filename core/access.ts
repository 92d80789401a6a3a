import { problem, type Problem } from './errors/errors';

/** Whom a token may speak for. */
export const subjectKinds = ['publisher', 'reviewer', 'tenant', 'operator'] as const;
export type SubjectKind = (typeof subjectKinds)[number];

/** What a token may allow; a route asks for one of them. */
export const scopes = [
  'plugin:publish',
  'release:read',
  'review:read',
  'review:decide',
  'rollout:steer',
  'tenant',
  'admin',
] as const;
export type Scope = (typeof scopes)[number];

/** Who calls, and what the token allows. Scopes come from rows, which may name more than this version knows. */
export interface Subject {
  kind: SubjectKind;
  id: string;
  scopes: string[];
}

/** What each kind of subject may do unless a token says less. */
export const defaultScopes: Record<SubjectKind, readonly Scope[]> = {
  publisher: ['plugin:publish', 'release:read'],
  reviewer: ['review:read', 'review:decide', 'release:read'],
  tenant: ['tenant'],
  operator: scopes,
};

/** Whether a subject may use what asks for a scope. Only a tenant has rows of its own behind `tenant`. */
export const hasScope = (subject: Subject, scope: Scope): boolean =>
  subject.scopes.includes(scope) && (scope !== 'tenant' || subject.kind === 'tenant');

/** Why a subject may not use what asks for a scope: SCOPE_MISSING, or nothing. */
export const checkScope = (subject: Subject, scope: Scope): Problem[] =>
  hasScope(subject, scope)
    ? []
    : [problem('SCOPE_MISSING', `The token of ${subject.kind} ${subject.id} lacks the scope ${scope}.`)];

/** A token whose expiry has come, or that was revoked, speaks for nobody. */
export const isTokenUsable = (
  token: { expiresAt: Date | null; revokedAt: Date | null },
  now: Date,
): boolean => token.revokedAt === null && (token.expiresAt === null || token.expiresAt > now);

/** Who publishes what is asked for; null when nobody does yet. */
type Owner = string | null | undefined;

const isOwner = ({ kind, id }: Subject, owner: Owner): boolean => kind === 'publisher' && id === owner;

/** A publisher sees its own releases only; every other subject whose scope allows it sees all. */
export const maySeeRelease = (subject: Subject, owner: Owner): boolean =>
  subject.kind !== 'publisher' || isOwner(subject, owner);

/** Reviewers, operators and the plugin's publisher see its versions before they are listed. */
export const maySeeUnlisted = (subject: Subject, owner: Owner): boolean =>
  subject.kind === 'reviewer' || subject.kind === 'operator' || isOwner(subject, owner);

/** The publisher to whose releases a subject's lists are limited; undefined when it sees all. */
export const visiblePublisher = ({ kind, id }: Subject): string | undefined =>
  kind === 'publisher' ? id : undefined;

/** Why a subject may not submit, or register a signing key: both belong to publishers. */
export const checkIsPublisher = ({ kind, id }: Subject): Problem[] =>
  kind === 'publisher' ? [] : [problem('PUBLISHER_UNKNOWN', `${id} is not a publisher.`)];

/** What publishing and following a release from the command line ask for. */
const publishingScopes = ['plugin:publish', 'release:read'] as const;

/** Why a subject's token does not do for publishing; empty when it does. */
export const checkPublishing = (subject: Subject): Problem[] => [
  ...checkIsPublisher(subject),
  ...publishingScopes.flatMap((scope) => checkScope(subject, scope)),
];

/** How a subject is named in audit entries, timelines and limits. */
export const formatActor = ({ kind, id }: Pick<Subject, 'kind' | 'id'>): string => `${kind}:${id}`;

/** The subject that an actor names; undefined for the platform and for what names nobody. */
export function parseActor(actor: string): Pick<Subject, 'kind' | 'id'> | undefined {
  const kind = subjectKinds.find((each) => actor.startsWith(`${each}:`));
  return kind && { kind, id: actor.slice(kind.length + 1) };
}
