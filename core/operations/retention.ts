import { DAY } from '../duration';

/** How long the rows of a table are kept. Every table is either here or in {@link keptForGood}. */
export interface Retention {
  table:
    | 'outbox'
    | 'notifications'
    | 'reports'
    | 'download_grants'
    | 'install_troubles'
    | 'audit'
    | 'api_keys'
    | 'submissions'
    | 'key_challenges'
    | 'check_turns';
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
    why: 'Messages that were delivered. Their keys stop a repetition for as long as a release may be retried.',
  },
  {
    table: 'notifications',
    from: 'created_at',
    keptMs: 365 * DAY,
    why: 'What publishers, tenants and operators were told.',
  },
  {
    table: 'reports',
    from: 'received_at',
    keptMs: 180 * DAY,
    why: 'What hosts reported. What a tenant runs now stays in installations.',
  },
  {
    table: 'download_grants',
    from: 'granted_at',
    keptMs: 400 * DAY,
    why: 'Which tenant was handed which package. Longer than any stage, as its reports count by that.',
  },
  {
    table: 'install_troubles',
    from: 'at',
    keptMs: 400 * DAY,
    why: "What keeps a tenant's host from a version. Longer than any stage, as it is in no cohort by that.",
  },
  {
    table: 'audit',
    from: 'at',
    keptMs: 365 * DAY,
    why: 'Who did what. The database refuses to delete a row of the last 180 days.',
  },
  {
    table: 'api_keys',
    from: 'least(revoked_at, expires_at)',
    keptMs: 180 * DAY,
    why: 'Tokens that were revoked or have expired. Until then the audit can be traced to them.',
  },
  {
    table: 'submissions',
    from: 'submitted_at',
    keptMs: 2 * DAY,
    why: 'Who submitted what, until the workflow engine has been told. The release keeps it from then on.',
  },
  {
    table: 'key_challenges',
    from: 'created_at',
    keptMs: 2 * DAY,
    why: 'What is signed to register a key, and who approved it, until the key is registered.',
  },
  {
    table: 'check_turns',
    from: 'expires_at',
    keptMs: 2 * DAY,
    why: 'Which releases of a publisher are being checked or wait for that; deleted as each check ends.',
  },
];

/**
 * Tables whose rows are never deleted, and why.
 *
 * @internal for the operators' page and its test
 */
export const keptForGood: Record<string, string> = {
  publishers: 'Listed versions name them.',
  publisher_keys: 'Signatures of listed versions are verified with them; a revoked key stays as revoked.',
  tenants: 'Installations and the audit name them.',
  reviewers: 'Decisions name them.',
  plugins: 'An id under which an upload was verified is never given to another publisher.',
  versions: 'A version number is never used twice.',
  releases: 'What was submitted, also where it was refused.',
  release_transitions: 'The history of a release, which outlives its workflow.',
  timeline: 'What a publisher reads about a release.',
  scans: 'The evidence on which a release was judged.',
  review_queue: 'Who decided what.',
  review_decisions: 'What each reviewer said about which digest, also where it came too late.',
  restrictions: 'What was withheld from tenants, by whom and why, and what its publisher said.',
  rollouts: 'Which share of tenants was offered a version.',
  rollout_commands: 'Who paused, resumed or aborted which rollout.',
  rollout_stages: 'The counters and the verdict of each stage.',
  trouble_counts: 'How many tenants of each stage could not take the version, and why.',
  second_opinions: 'Which version one of few failed at which tenant, and how that was settled.',
  second_opinion_turns: 'Which further tenants were asked, at most twenty a version.',
  feed_head: 'One row: the newest revision of the feed.',
  feed: 'A host that was away for long still reads every change.',
  signed_files: 'Signed statements; the signer deletes those that were replaced an hour ago.',
  installations: 'One row a tenant and plugin: what it runs now.',
  subscriptions:
    'One row a tenant and plugin, deleted by the tenant, or when another publisher takes the plugin over.',
  rate_limits: 'One row a caller, replaced as it calls.',
};

/** What the stack's state folder holds besides the database, how long, and what keeps it to that. */
export const stateFolders: readonly { name: string; holds: string; kept: string }[] = [
  { name: 'logs', holds: 'a log file a component', kept: 'this start and the one before' },
  {
    name: 'objects',
    holds: 'packages, and parts of uploads',
    kept: 'packages for good, unless nobody ever verified them; parts until the upload ends, else until the next sweep',
  },
  {
    name: 'scratch',
    holds: 'copies of packages that are being checked',
    kept: 'the latest, up to `SPILLWAY_SCRATCH_BYTES`',
  },
  {
    name: 'hosts',
    holds: "plugins, data and backups of the tenants' hosts",
    kept: 'each host removes versions and backups that it cannot need again',
  },
  {
    name: 'temporal',
    holds: 'workflow histories',
    kept: 'the retention of the namespace; nothing relies on it',
  },
  { name: 'trust', holds: 'development keys of signed statements', kept: 'until `--fresh`' },
  { name: 'postgres', holds: 'the database', kept: 'as the tables say' },
  { name: 'demo', holds: 'plugin folders of the demonstration', kept: 'until `--fresh`' },
];
