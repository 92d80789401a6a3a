import * as audit from '../../adapters/db/audit/tables';
import * as identity from '../../adapters/db/identity/tables';
import * as installations from '../../adapters/db/installations/tables';
import * as notifications from '../../adapters/db/notifications/tables';
import * as releases from '../../adapters/db/releases/tables';
import * as reviews from '../../adapters/db/reviews/tables';
import * as rollouts from '../../adapters/db/rollouts/tables';
import * as scans from '../../adapters/db/scans/tables';

const described = { identity, releases, scans, reviews, rollouts, installations, notifications, audit };

/** Names of the tables of each domain, in the order in which a release meets them. */
export const schemaDomains: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(described).map(([domain, tables]) => [domain, Object.keys(tables)]),
);
