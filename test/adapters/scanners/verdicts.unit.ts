import { copyFile, open } from 'node:fs/promises';
import { archiveFormScanner } from '../../../adapters/scanners/archiveForm';
import { DEFAULT_SCAN_POLICIES, contentScanners } from '../../../adapters/scanners/registry';
import { runScanner } from '../../../adapters/scanners/run';
import type { Scanner } from '../../../adapters/scanners/scanner';
import { signatureScanner } from '../../../adapters/scanners/signature';
import { generateSigningKey } from '../../../pxp/signing';
import { buildPackage } from '../../support/builders/packages';
import { temporaryFolder } from '../../support/temporaryFolder';
import { scanAll, scanInput } from '../../support/scans';

const folder = temporaryFolder('verdicts');
const signal = new AbortController().signal;
const policy = { name: 'any', enabled: true, enforced: true, required: true };
const now = () => new Date('2026-11-21T12:00:00Z');

const built = () => buildPackage(folder);

describe('The scanners together', () => {
  test('give a clean package its verdict without any person [REV-01]', async () => {
    const { path, bytes } = await built();
    const { reports, decision } = await scanAll(path, bytes);
    expect(decision).toEqual({ outcome: 'proceed' });
    expect(reports.map(({ scanner, verdict, findings }) => [scanner, verdict, findings])).toEqual(
      ['archive-form', 'signature', 'file-types', 'secrets', 'eicar'].map((name) => [name, 'pass', []]),
    );
  });

  test('are recorded with their version and the digest of their rules', async () => {
    const scanners = contentScanners();
    for (const scanner of scanners) {
      expect(scanner.version).toMatch(/^\d+\.\d+\.\d+/);
      expect(scanner.rulesDigest).toMatch(/^[0-9a-f]{64}$/);
    }
    expect(new Set(scanners.map((scanner) => scanner.rulesDigest)).size).toBe(scanners.length);
    expect(contentScanners().map((scanner) => scanner.rulesDigest)).toEqual(
      scanners.map((scanner) => scanner.rulesDigest),
    );
  });

  test('each have a default policy, and each policy has a scanner', () => {
    const names = contentScanners().map((scanner) => scanner.name);
    expect(DEFAULT_SCAN_POLICIES.map((each) => each.name)).toEqual(names);
  });
});

describe('The signature scanner', () => {
  test('fails a package that another key than the registered ones signed', async () => {
    const { path, bytes } = await built();
    const input = await scanInput(path, bytes);
    const other = await generateSigningKey({ name: 'Other', email: 'other@example.com' });
    const signature = { ...input.signature, keys: [other.publicKeyArmored] };
    const findings = await signatureScanner().scan({ ...input, signature, signal });
    await input.package.close();
    expect(findings).toMatchObject([{ rule: 'signature-unknown-key', severity: 'critical' }]);
  });
});

describe('The archive-form scanner', () => {
  test('fails a package whose file has bytes behind its end', async () => {
    const { path, bytes } = await built();
    const input = await scanInput(path, bytes);
    const changed = `${path}.changed`;
    await copyFile(path, changed);
    const handle = await open(changed, 'a');
    await handle.write('more');
    await handle.close();
    const findings = await archiveFormScanner().scan({ ...input, path: changed, signal });
    await input.package.close();
    expect(findings).toMatchObject([{ rule: 'package-form', severity: 'critical' }]);
  });
});

describe('A scanner that does not finish', () => {
  const scanner = (scan: Scanner['scan']): Scanner => ({
    name: 'x',
    version: '1.0.0',
    rulesDigest: '',
    scan,
  });
  const run = async (scan: Scanner['scan'], timeoutMs = 60_000) => {
    const { path, bytes } = await built();
    const input = await scanInput(path, bytes);
    const report = await runScanner(scanner(scan), { policy, input, timeoutMs, now });
    await input.package.close();
    return report;
  };

  test('is inconclusive when it throws, and what it threw is not told', async () => {
    const report = await run(async () => {
      throw new TypeError('saw the secret 12345');
    });
    expect(report.verdict).toBe('inconclusive');
    expect(report.findings).toEqual([
      { rule: 'scanner-unfinished', severity: 'info', detail: 'The scanner did not finish (TypeError).' },
    ]);
  });

  test('is inconclusive when its time is over, whether it listens to the signal or not', async () => {
    const deaf = await run(() => new Promise(() => undefined), 20);
    expect(deaf).toMatchObject({ verdict: 'inconclusive', startedAt: now().toISOString() });
    const listening = await run(async ({ signal: stop }) => {
      await new Promise((resolve) => stop.addEventListener('abort', resolve));
      return [];
    }, 20);
    expect(listening.verdict).toBe('inconclusive');
  });
});
