import type { RolloutInput } from '../../../contracts/releases/rolloutInput';
import type { RolloutName, UpgradeCase } from './plan';

/** Whose host takes a version in its first stage, and whose holds data that a bad upgrade cannot take over. */
export const FIRST_TENANT = 'acme';
export const TENANT_WITH_DATA = 'globex';
export const TENANTS = [FIRST_TENANT, TENANT_WITH_DATA, 'initech'];

/** Longer than it takes to replace the old version on a slow machine; nothing breaks where it takes longer still. */
const LONG_SECONDS = 100;

const EVERYBODY = { percentage: 100, wait: '8s' };

export function toRolloutInput(name: RolloutName, now: Date): RolloutInput {
  if (name === 'short') return { stages: [EVERYBODY] };
  if (name === 'later') {
    const startAt = new Date(now.getTime() + LONG_SECONDS * 1000).toISOString();
    return { stages: [{ ...EVERYBODY, startAt }] };
  }
  const first = { percentage: 0.01, wait: `${LONG_SECONDS}s` };
  return { stages: [first, EVERYBODY], tenants: { allow: [FIRST_TENANT], deny: [] } };
}

export const OLD_DATA = 'old-data.json';
/** The version that a bad upgrade replaces, and returns to. */
export const BASE_VERSION = '1.0.0';
const UPGRADE_VERSION = '1.1.0';

const WELL = 'process.exit(0);\n';
const SICK = 'process.exit(1);\n';
const BAD_UPGRADE = `const { existsSync } = require('node:fs');
const old = existsSync(process.env.PX_PLUGIN_DATA + '/${OLD_DATA}');
process.exit(old && process.env.PX_PLUGIN_VERSION !== '${BASE_VERSION}' ? 1 : 0);
`;

/** The version that a case releases, and the script of its health check. */
export function describeVersion({ fault }: UpgradeCase): { version: string; health: string } {
  if (fault === 'upgrade') return { version: UPGRADE_VERSION, health: BAD_UPGRADE };
  return { version: BASE_VERSION, health: fault === 'sick' ? SICK : WELL };
}

/** What every host runs in the end. */
export function expectRunning(upgradeCase: UpgradeCase): string | null {
  if (upgradeCase.ends === 'completed') return describeVersion(upgradeCase).version;
  return upgradeCase.fault === 'upgrade' ? BASE_VERSION : null;
}
