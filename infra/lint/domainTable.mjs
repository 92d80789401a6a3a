/**
 * Which domain may know which: the second axis of the house, as data. Inside every layer the same domain
 * names are folders; a domain imports itself and the domains that its row names, in its own layer and in
 * every other. Domains that do not know each other meet by ids, outbox events and read models.
 */
const ground = ['audit', 'identity', 'notifications'];
const beforeInstallations = [...ground, 'releases', 'scans', 'reviews', 'rollouts'];
const offers = [...beforeInstallations, 'installations'];

export const domainTable = {
  audit: [],
  identity: ['audit'],
  notifications: ['audit', 'identity'],
  releases: ground,
  scans: [...ground, 'releases'],
  reviews: [...ground, 'releases', 'scans'],
  rollouts: [...ground, 'releases'],
  installations: beforeInstallations,
  catalogue: offers,
  ratings: offers,
  analytics: offers,
  payments: offers,
  distribution: offers,
  operations: offers,
};

/** Folders whose sub-folders are domains. */
export const layers = ['core', 'contracts', 'workflows', 'activities', 'adapters/db', 'api', 'sdk', 'web'];

/**
 * Files that put domains together: the release on one page, the lists that register what the domains
 * offer, and views that show a release with everything around it. No domain imports those at the top of
 * a layer for anything but their types.
 */
export const compositions = [
  'activities/index',
  'api/app',
  'api/main',
  'api/http/dependencies',
  'adapters/db/migrateMain',
  'adapters/db/releases/view',
  'adapters/db/tables',
  'contracts/releases/view',
  'sdk/client',
  'web/app',
  'web/frame/Frame',
  'web/frame/Header',
  'web/releases/ReleasePage',
  'workflows/index',
  'workflows/release',
];

/** The host's rooms in the order in which they may know each other; files at the top of host/ wire them. */
export const hostRooms = {
  disk: [],
  sandbox: [],
  download: ['disk'],
  marketplace: ['disk'],
  trust: ['disk'],
  install: ['disk', 'sandbox', 'download', 'marketplace'],
  jobs: ['disk', 'sandbox', 'marketplace', 'install'],
  follow: ['disk', 'marketplace', 'jobs', 'trust'],
  admin: ['disk', 'sandbox', 'download', 'follow', 'jobs', 'top'],
  trial: ['disk', 'sandbox', 'marketplace', 'install', 'top'],
};
