import { mkdir, rm } from 'node:fs/promises';
import type { Manifest } from '../../contracts/releases/manifest';
import { createHealthRunner, type HealthResult } from '../../host/sandbox/health';
import type { Sandbox } from '../../host/sandbox/sandbox';
import { explainNotLoaded } from './notLoaded';

/** What the health check of a new plugin folder came to. */
export interface Tried {
  healthy: boolean;
  /** What it printed, or how it ended. */
  said: string;
  /** Why the entry is not loaded; goes into the manifest. */
  notLoaded?: string;
}

/**
 * Runs the health check of a plugin folder exactly as hosts do. When the entry cannot be loaded outside of its host,
 * it is checked once more without loading it.
 *
 * @param write puts a manifest into the folder
 * @throws SandboxFailure when this machine could not run it
 */
export async function tryOut(
  folder: string,
  manifest: Manifest,
  sandbox: Sandbox,
  write: (manifest: Manifest) => Promise<void>,
): Promise<Tried> {
  const first = await runOnce(folder, manifest, sandbox);
  const known = manifest.runtime.health?.notLoaded;
  if (first.healthy || known !== undefined) return { ...first, ...(known ? { notLoaded: known } : {}) };
  const notLoaded = explainNotLoaded(first.said, manifest.runtime.provided ?? []);
  if (notLoaded === undefined) return first;
  const changed = withReason(manifest, notLoaded);
  await write(changed);
  return { ...(await runOnce(folder, changed, sandbox)), notLoaded };
}

async function runOnce(folder: string, manifest: Manifest, sandbox: Sandbox): Promise<Tried> {
  const { entry, health } = manifest.runtime;
  if (!health) return { healthy: false, said: 'The manifest names no health check.' };
  const data = `${folder}.data`;
  await mkdir(data);
  try {
    const result = await createHealthRunner(sandbox, { isKept: false })({
      folder,
      data,
      version: manifest.version,
      entry,
      script: health.script,
      timeoutMs: health.timeoutSeconds * 1000,
    });
    return { healthy: result.healthy, said: describeResult(result) };
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}

/** The last line that was printed is the check's own; a plugin may print before it. */
const describeResult = ({ reason, output }: HealthResult): string => output.split('\n').at(-1) || reason;

/** The manifest with the reason why its entry is not loaded. */
export function withReason(manifest: Manifest, notLoaded: string): Manifest {
  const { runtime } = manifest;
  return runtime.health
    ? { ...manifest, runtime: { ...runtime, health: { ...runtime.health, notLoaded } } }
    : manifest;
}
