import type { Report } from '../../../contracts/installations/reports';

/** A report that was not known before. */
export interface NewReport extends Report {
  versionId: string;
  /** The tenant never told this kind of thing about this version before. */
  isFirst: boolean;
  /** The tenant subscribes to the plugin. */
  isSubscribed: boolean;
}
