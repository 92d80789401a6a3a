import { fileExists } from '../platform/files/absence';
import type { WorkerConfig } from './config';

/**
 * Refuses to start without a program that checks packages: each check would fail, and its release wait without an end.
 *
 * @throws Error that names every missing file with its setting, and says what makes it
 */
export async function requirePrograms({
  checker,
  trial,
  queues,
}: Pick<WorkerConfig, 'checker' | 'trial' | 'queues'>): Promise<void> {
  if (!queues.includes('scans')) return;
  const programs = { SPILLWAY_CHECKER: checker.program, SPILLWAY_HOST_TRIAL: trial.program };
  const missing: string[] = [];
  for (const [setting, file] of Object.entries(programs)) {
    if (file !== undefined && !(await fileExists(file))) missing.push(`${file} (${setting})`);
  }
  if (missing.length === 0) return;
  throw new Error(
    `Packages cannot be checked without ${missing.join(' and ')}: run "npm run build", or let the setting name the built program.`,
  );
}
