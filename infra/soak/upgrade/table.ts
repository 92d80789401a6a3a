import type { ReleaseState } from '../../../core/releases/state';
import type { UpgradeCase } from './plan';

/** How one release came through the upgrade. */
export interface Outcome {
  upgradeCase: Pick<UpgradeCase, 'name' | 'state' | 'standing' | 'carriedOn' | 'ends'>;
  before: ReleaseState | undefined;
  after: ReleaseState | undefined;
  /** Sentences; empty when all is well. */
  faults: readonly string[];
}

const HEAD = ['state before', 'carried on by', 'ended as', 'expected', ''];

/** A line a release, and below it what was wrong. */
export function renderOutcomes(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ upgradeCase: { standing, carriedOn, ends }, before, after, faults }) => [
    `${before ?? 'unknown'}: ${standing}`,
    carriedOn,
    after ?? 'unknown',
    ends,
    faults.length === 0 ? 'ok' : 'FAIL',
  ]);
  const all = [HEAD, ...rows];
  const widths = HEAD.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  const lines = all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join(' | ')
      .trimEnd(),
  );
  const faults = outcomes.flatMap(({ upgradeCase, faults: each }) =>
    each.map((fault) => `${upgradeCase.name}: ${fault}`),
  );
  const well = outcomes.filter((each) => each.faults.length === 0).length;
  return ['', ...lines, '', ...faults, `${well} of ${outcomes.length} came through`, ''].join('\n');
}
