import type { Report } from '../../../contracts/installations/reports';
import type { CounterChange } from '../../../core/installations/results';

/** A report that was not known before. */
export interface NewReport extends Report {
  versionId: string;
  /** The tenant never told this kind of thing about this version before; each trouble is a thing of its own. */
  isFirst: boolean;
  /** What it counts; undefined where the tenant does not subscribe or was never handed the package. */
  counted: CountedReport | undefined;
}

/** What a report changes of the counters, and of which package and stage. */
export interface CountedReport {
  change: CounterChange;
  packageSha256: string;
  stage: number;
}
