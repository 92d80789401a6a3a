import { eicarScanner } from '../../../adapters/scanners/eicar';
import { buildPackage } from '../../support/builders/packages';
import { temporaryFolder } from '../../support/temporaryFolder';
import { scanAll, scanFiles } from '../../support/scans';

const EICAR = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR', '-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');
const folder = temporaryFolder('eicar');

/** Bytes that no deflate makes small, with the string in them at `offset`. */
function hidden(offset: number): Buffer {
  const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7919) % 251));
  bytes.write(EICAR, offset, 'latin1');
  return bytes;
}

describe('The EICAR rule', () => {
  test('finds the test string inside a file of the package, and the package is blocked [REV-02]', async () => {
    const built = await buildPackage(folder, { 'dist/index.js': '1;\n', 'assets/test.txt': `a ${EICAR} b` });
    const { reports, decision } = await scanAll(built.path, built.bytes);
    expect(reports.find((report) => report.scanner === 'eicar')).toMatchObject({
      verdict: 'fail',
      findings: [{ rule: 'eicar-test-string', severity: 'critical', path: 'assets/test.txt' }],
    });
    expect(decision).toMatchObject({
      outcome: 'reject',
      problems: [{ code: 'SCAN_REJECTED', pointer: 'assets/test.txt' }],
    });
  });

  test.each([0, 16_350, 32_740, 65_500, 131_040, 262_120, 300_000 - EICAR.length])(
    'finds the string at byte %i, wherever the borders of chunks are',
    async (offset) => {
      const findings = await scanFiles(folder, eicarScanner(), { 'assets/data.bin': hidden(offset) });
      expect(findings.map((finding) => finding.path)).toEqual(['assets/data.bin']);
    },
  );

  test('finds nothing where only half of the string stands', async () => {
    const halves = { 'assets/a.txt': EICAR.slice(0, 34), 'assets/b.txt': EICAR.slice(34) };
    expect(await scanFiles(folder, eicarScanner(), halves)).toEqual([]);
  });
});
