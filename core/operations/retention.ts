import { DAY } from '../duration';

/** How long the rows of a table are kept. Tables that are not listed are kept for good. */
export interface Retention {
  table: 'outbox' | 'notifications' | 'reports' | 'audit' | 'api_keys';
  /** The moment that a row's age is counted from, as SQL; a row without it stays. */
  from: string;
  keptMs: number;
  why: string;
}

/**
 * The audit is kept at least 180 days; the database itself refuses to delete a younger row.
 *
 * @internal for tests
 */
export const AUDIT_KEPT_AT_LEAST_MS = 180 * DAY;

export const retention: readonly Retention[] = [
  {
    table: 'outbox',
    from: 'delivered_at',
    keptMs: 90 * DAY,
    why: 'Delivered messages; their keys stop a repetition for as long as a release may be retried.',
  },
  { table: 'notifications', from: 'created_at', keptMs: 365 * DAY, why: 'Inboxes.' },
  {
    table: 'reports',
    from: 'received_at',
    keptMs: 180 * DAY,
    why: 'Reports of hosts; what a tenant runs now stays in installations.',
  },
  { table: 'audit', from: 'at', keptMs: 365 * DAY, why: 'Who did what; 180 days are owed.' },
  {
    table: 'api_keys',
    from: 'least(revoked_at, expires_at)',
    keptMs: 180 * DAY,
    why: 'Tokens that ended; kept as long as the audit may name their use.',
  },
];
