import { DEFAULT_SCAN_POLICIES, contentScanners } from '../../adapters/scanners/registry';
import { runScanner } from '../../adapters/scanners/run';
import type { ScanInput, Scanner } from '../../adapters/scanners/scanner';
import { decideScans, type ScanDecision } from '../../core/scans/decision';
import type { ScanFinding } from '../../core/scans/findings';
import { listScanProblems, type ScanReport } from '../../core/scans/report';
import { openPackage } from '../../pxp/openPackage';
import { buildPackage } from './builders/packages';
import { signingKey } from './builders/keys';

type Files = Record<string, string | Buffer>;

/** A really built and signed package, as a scanner is given it. */
export async function scanInput(path: string, bytes: number): Promise<Omit<ScanInput, 'signal'>> {
  return {
    package: await openPackage(path),
    path,
    bytes,
    signature: { keys: [(await signingKey()).publicKeyArmored], now: new Date() },
  };
}

/** Packs `files` beside an entry file in a new package and scans it. */
export async function scanFiles(
  folder: string,
  scanner: Scanner,
  files: Files,
  extra: Pick<ScanInput, 'onTokens'> = {},
): Promise<ScanFinding[]> {
  const built = await buildPackage(folder, { 'dist/index.js': 'module.exports = 1;\n', ...files });
  const input = await scanInput(built.path, built.bytes);
  try {
    return await scanner.scan({ ...input, ...extra, signal: new AbortController().signal });
  } finally {
    await input.package.close();
  }
}

/** All scanners over a package under the default policies, and what that means. */
export async function scanAll(
  path: string,
  bytes: number,
): Promise<{ reports: ScanReport[]; decision: ScanDecision }> {
  const input = await scanInput(path, bytes);
  const reports: ScanReport[] = [];
  for (const scanner of contentScanners()) {
    const policy = DEFAULT_SCAN_POLICIES.find((each) => each.name === scanner.name);
    if (!policy) throw new Error(`No policy names ${scanner.name}.`);
    reports.push(await runScanner(scanner, { policy, input, timeoutMs: 60_000, now: () => new Date() }));
  }
  await input.package.close();
  const results = reports.map((report) => ({ ...report, problems: listScanProblems(report) }));
  return { reports, decision: decideScans(results, DEFAULT_SCAN_POLICIES) };
}
