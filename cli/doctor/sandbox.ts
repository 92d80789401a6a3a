import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { lineText, sentences } from '../../contracts/bounds';
import { missing, present, type Finding } from './finding';

const containmentSchema = z.object({
  driver: lineText,
  strength: z.enum(['strong', 'weak']),
  detail: sentences,
});
export type Containment = z.output<typeof containmentSchema>;

/**
 * The sandbox that plugins run in on this machine, as the host's own program finds it by trying it out; none
 * outside a checkout. Only trials and hosts need it, so publishing goes without.
 */
export async function checkSandbox(checkout: string): Promise<Finding[]> {
  if (!existsSync(path.join(checkout, 'host', 'trial', 'main.ts'))) return [];
  return [judgeContainment(await readContainment(checkout))];
}

const NEXT = 'Install bubblewrap where trials run, and permit user namespaces; see docs/host.md.';

/** @param found what the host's program said; undefined when it did not run */
export function judgeContainment(found: Containment | undefined): Finding {
  if (!found) return missing('sandbox', 'none: it could not be tried out', 'Run npm ci, then try again.');
  const origin = `${found.driver} (${found.strength})`;
  return found.strength === 'strong'
    ? present('sandbox', origin)
    : missing('sandbox', origin, `${found.detail} ${NEXT}`);
}

/** The program of the trial says how plugins are contained, without a package to try. */
function readContainment(checkout: string): Promise<Containment | undefined> {
  const args = ['--import', 'tsx', path.join('host', 'trial', 'main.ts'), '--detect'];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: checkout, timeout: 60_000 }, (_error, stdout) => {
      try {
        resolve(containmentSchema.safeParse(JSON.parse(stdout)).data);
      } catch {
        resolve(undefined);
      }
    });
  });
}
