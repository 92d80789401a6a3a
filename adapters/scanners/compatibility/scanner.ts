import type { ScanFinding } from '../../../core/scans/findings';
import { digestOfRules, ScannerNotRun, type FileInput, type Scanner } from '../scanner';
import { NO_CONTAINMENT, type Trial, type TrialResult } from './trial';

export const COMPATIBILITY = 'compatibility';

/** What is asked of a plugin; its digest changes when the trial asks for something else. */
const RULES = { asks: 'installs into a throwaway host and passes its own health check' };

/** Compatibility by really installing: the plugin must come up healthy in a throwaway host. */
export const createTrialScanner = (trial: Trial): Scanner<FileInput> => ({
  name: COMPATIBILITY,
  version: '1.1.0',
  rulesDigest: digestOfRules(RULES),
  scan: async ({ path, signature, signal }) => {
    const outcome = await trial.run({ packagePath: path, keys: signature.keys, signal });
    if ('notRun' in outcome) {
      throw new ScannerNotRun(`Not run: ${NO_CONTAINMENT} (driver ${outcome.notRun.sandbox}).`);
    }
    return toFindings(outcome);
  },
});

function toFindings({ healthy, phases, errorCode, detail, sandbox }: TrialResult): ScanFinding[] {
  const driver = sandbox ? ` in the sandbox ${sandbox}` : '';
  if (healthy) {
    const times = phases.map(({ name, ms }) => `${name} ${Math.round(ms)} ms`).join(', ');
    return [{ rule: 'health', severity: 'info', detail: `Healthy in a throwaway host${driver} (${times}).` }];
  }
  const last = phases.at(-1)?.name;
  const where = last ? ` in the phase "${last}"` : '';
  const why = detail ?? errorCode ?? 'the health check did not pass';
  return [
    {
      rule: errorCode ?? 'health',
      severity: 'critical',
      detail: `The trial failed${where}${driver}: ${why}`,
    },
  ];
}
