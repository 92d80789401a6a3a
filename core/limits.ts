interface Limit {
  limit: number;
  /** What is measured, as docs/limits.md prints it. */
  of: string;
}

/**
 * The most that anything which others send or store may measure: one place for the numbers, so that what is
 * checked, what is answered and what docs/limits.md prints are the same.
 */
const measured = {
  subjectId: { limit: 64, of: 'characters of the id of a publisher, tenant or reviewer' },
  pluginId: { limit: 128, of: 'characters of a plugin id' },
  version: { limit: 64, of: 'characters of a version' },
  id: { limit: 256, of: 'characters of any other id' },
  line: { limit: 300, of: 'characters of what stands in one line: names, codes, digests' },
  sentences: { limit: 2_000, of: 'characters of a description, a title, a host’s detail' },
  text: {
    limit: 10_000,
    of: 'characters of a decision’s notes and of one piece of information for reviewers',
  },
  releaseNotes: { limit: 100_000, of: 'characters of release notes' },
  url: { limit: 4_096, of: 'characters of an address' },
  reviewUrl: { limit: 2_048, of: 'characters of a link for reviewers' },
  setting: { limit: 4_096, of: 'characters of a setting of a process' },
  armoredKey: { limit: 65_536, of: 'characters of an armored public key' },
  manifest: { limit: 262_144, of: 'characters of a manifest as JSON' },
  permissions: { limit: 500, of: 'permissions of a manifest' },
  providedPackages: { limit: 200, of: 'packages that a manifest says its host provides' },
  packageBytes: { limit: 2 * 1024 ** 3, of: 'bytes of a package' },
  parts: { limit: 128, of: 'parts of an upload' },
  reservedNames: { limit: 10, of: 'plugin ids that a publisher has reserved, with no upload verified yet' },
  openUploads: { limit: 20, of: 'uploads that a publisher has open at once' },
  announcedBytes: {
    limit: 10 * 1024 ** 3,
    of: 'bytes of the packages that a publisher’s open uploads have announced, together',
  },
  channels: { limit: 20, of: 'channels in publish.yml' },
  stages: { limit: 50, of: 'stages of a rollout' },
  stageMs: { limit: 366 * 24 * 60 * 60 * 1000, of: 'milliseconds that a stage lasts, or until it starts' },
  tenantsListed: { limit: 1_000, of: 'tenants that a rollout allows, and as many that it denies' },
  reviewLinks: { limit: 20, of: 'links in one piece of information for reviewers' },
  reviewInformation: { limit: 50, of: 'pieces of information for the reviewers of a release' },
  liveTimelines: { limit: 50, of: 'live timelines that one subject has open at one process' },
  subscriptions: { limit: 1_000, of: 'subscriptions of a tenant' },
  checkedAtOnce: { limit: 2, of: 'releases of one publisher that are checked at once' },
  reports: { limit: 500, of: 'reports of a host in one request' },
  page: { limit: 200, of: 'entries of a page of any list' },
  feedPage: { limit: 1_000, of: 'entries of a page of the feed' },
  list: {
    limit: 10_000,
    of: 'entries of a list without pages: a plugin’s versions, a tenant’s installations',
  },
  details: { limit: 1_000, of: 'findings, problems or keys of one thing' },
  count: { limit: Number.MAX_SAFE_INTEGER, of: 'as any other count or number of milliseconds' },
} as const satisfies Record<string, Limit>;

type LimitName = keyof typeof measured;

/** The number of each limit. */
export const limits = Object.fromEntries(
  Object.entries(measured).map(([name, { limit }]) => [name, limit]),
) as { readonly [Name in LimitName]: (typeof measured)[Name]['limit'] };

/** All limits, for the page that documents them. */
export const limitRows: readonly Limit[] = Object.values(measured);
