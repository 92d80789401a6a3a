import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createPackage } from '../../../pxp/createPackage';
import { generateSigningKey, signDetached } from '../../../pxp/signing';
import { DEFAULT_SCAN_POLICIES } from '../registry';
import { createChecks } from './checks';
import type { Checker } from './process';

/** Nothing of anybody: what a checker reads before it is given a stranger's package. */
const SAMPLE = {
  id: 'spillway.sample',
  name: 'Sample',
  version: '1.0.0',
  permissions: [],
  runtime: { entry: 'dist/index.js' },
};

const DEADLINE_MS = 30_000;

/**
 * Makes a function that lets a process verify and scan a package of our own, so that what Node loads and compiles
 * with the first package is done before a release waits for it. A process that fails of it is ended, and the next one
 * makes the package anew where there is none.
 *
 * @param dir where the package is made, once; replaced if it is there
 */
export function createWarmUp(dir: string): (checker: Checker) => Promise<void> {
  let made: Promise<Awaited<ReturnType<typeof makeSample>>> | undefined;
  return async (checker) => {
    // What kept it from being made, such as a full disk, may pass.
    made ??= makeSample(dir).catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    const { file, sha256 } = await made;
    const { signal } = new AbortController();
    const checks = createChecks((job) => checker.ask(job, { deadlineMs: DEADLINE_MS, signal }));
    const now = new Date().toISOString();
    await checks.verify({ ...file, now }, sha256, signal);
    for (const policy of DEFAULT_SCAN_POLICIES) await checks.scan({ ...file, now }, policy, signal);
  };
}

async function makeSample(dir: string) {
  const root = path.join(dir, 'plugin');
  await rm(dir, { recursive: true, force: true });
  await mkdir(path.join(root, 'dist'), { recursive: true });
  await writeFile(path.join(root, SAMPLE.runtime.entry), 'module.exports = () => "sample";\n'.repeat(50));
  const key = await generateSigningKey({ name: 'Sample', email: 'sample@spillway.invalid' });
  const sign = (bytes: Uint8Array) => signDetached(bytes, key.privateKeyArmored);
  const outputPath = path.join(dir, 'sample.pxp');
  const { bytes, sha256 } = await createPackage({ root, outputPath, manifest: SAMPLE, sign });
  return { file: { path: outputPath, bytes, keys: [key.publicKeyArmored] }, sha256 };
}
