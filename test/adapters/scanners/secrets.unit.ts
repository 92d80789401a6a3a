import { createHash, generateKeyPairSync } from 'node:crypto';
import { hashToken } from '../../../adapters/identity/tokenHash';
import { secretsScanner } from '../../../adapters/scanners/secrets/scanner';
import { WINDOW } from '../../../adapters/scanners/secrets/windows';
import { temporaryFolder } from '../../support/temporaryFolder';
import { scanFiles } from '../../support/scans';

const folder = temporaryFolder('secrets');
const scan = (files: Record<string, string | Buffer>) => scanFiles(folder, secretsScanner(), files);

/** Put together at run time, so that no file of the repository holds what looks like a credential. */
const letters = createHash('sha512').update('token').digest('hex');
const token = ['gh', 'p_', letters.slice(0, 36)].join('');
const privateKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
});

describe('The secrets scanner', () => {
  test('finds a token, names file and line, and never repeats the token [REV-02]', async () => {
    const findings = await scan({ 'dist/config.js': `// settings\n\nexports.token = "${token}";\n` });
    expect(findings).toMatchObject([{ severity: 'critical', path: 'dist/config.js', line: 3 }]);
    expect(findings[0]?.rule).toMatch(/^github\//);
    expect(JSON.stringify(findings)).not.toContain(letters.slice(0, 8));
  });

  test('finds a token of this platform, and hands on its hash alone', async () => {
    const own = `spwpub_${letters.slice(0, 43)}`;
    const hashes: Buffer[] = [];
    const onTokens = (found: readonly Buffer[]) => Promise.resolve(void hashes.push(...found));
    const files = { 'dist/a.js': `\nsend("${own}");\n`, 'dist/b.js': `${own}\n` };
    const findings = await scanFiles(folder, secretsScanner(), files, { onTokens });
    expect(findings).toMatchObject([
      { rule: 'spillway/TOKEN', severity: 'critical', path: 'dist/a.js', line: 2 },
      { rule: 'spillway/TOKEN', path: 'dist/b.js', line: 1 },
    ]);
    expect(JSON.stringify(findings)).not.toContain(letters.slice(0, 8));
    expect(hashes).toEqual([hashToken(own)]);
    expect(hashes[0]).not.toEqual(createHash('sha256').update(own).digest());
  });

  test('finds a private key', async () => {
    const findings = await scan({ 'dist/key.pem': `${privateKey}\n` });
    expect(findings).toMatchObject([{ severity: 'critical', path: 'dist/key.pem' }]);
    expect(findings[0]?.rule).toMatch(/^privatekey\//);
  });

  test('is not switched off by a comment in the scanned file', async () => {
    const comment = ['secret', 'lint-disable'].join('');
    const findings = await scan({
      'dist/config.js': `/* ${comment} */\nconst t = "${token}"; // ${comment}-line\n`,
    });
    expect(findings).toHaveLength(1);
  });

  test.each([-20, -1, 0, 20, -WINDOW.overlap, -WINDOW.overlap + 20])(
    'finds a token once that starts %i characters from the border of a window, with its right line',
    async (distance) => {
      const line = `${'x'.repeat(79)}\n`;
      const start = WINDOW.length + distance;
      const before = line.repeat(Math.floor((start - 20) / 80));
      const text = `${before}${' '.repeat(start - before.length - 1)}\n${token}\n${line.repeat(900)}`;
      const findings = await scan({ 'dist/long.js': text });
      expect(findings).toHaveLength(1);
      expect(findings[0]?.line).toBe(before.length / 80 + 2);
    },
  );

  test('finds a token in a file that is one long line', async () => {
    const text = `${'a=1;'.repeat(60_000)}t="${token}";${'b=2;'.repeat(60_000)}`;
    const findings = await scan({ 'dist/min.js': text });
    expect(findings).toMatchObject([{ line: 1, severity: 'critical' }]);
    expect(findings[0]?.detail).toContain('at character 240003;');
  });

  test('warns of an address with a password, which documentation is full of', async () => {
    const address = ['https://', 'admin', ':', 'hunter22hunter', '@', 'db.acme-corp.io/'].join('');
    const findings = await scan({ 'dist/notes.md': `See ${address} for more.\n` });
    expect(findings.map((finding) => finding.severity)).toEqual(['warning']);
    expect(JSON.stringify(findings)).not.toContain('hunter22');
  });

  test('leaves binary files alone', async () => {
    const bytes = Buffer.concat([Buffer.from([0, 1, 2, 3]), Buffer.from(token)]);
    expect(await scan({ 'assets/data.bin': bytes })).toEqual([]);
  });

  test('finds nothing in ordinary code', async () => {
    expect(await scan({ 'dist/lib.js': 'const password = process.env.PASSWORD;\n'.repeat(50) })).toEqual([]);
  });
});
