import { judgeFile, fileTypesScanner } from '../../../adapters/scanners/fileTypes/scanner';
import { buildPackage } from '../../support/builders/packages';
import { temporaryFolder } from '../../support/temporaryFolder';
import { scanAll, scanFiles } from '../../support/scans';

const folder = temporaryFolder('filetypes');

const padded = (...bytes: number[]): Buffer => Buffer.concat([Buffer.from(bytes), Buffer.alloc(256)]);
const elf = padded(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1);
const macho = padded(0xcf, 0xfa, 0xed, 0xfe, 7, 0, 0, 1);
const universal = padded(0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 2);
const javaClass = padded(0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 52);
const png = padded(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

function windowsProgram(): Buffer {
  const bytes = Buffer.alloc(512);
  bytes.write('MZ', 0, 'latin1');
  bytes.writeUInt32LE(0x80, 0x3c);
  bytes.write('PE\0\0', 0x80, 'latin1');
  return bytes;
}

describe('The file-types scanner', () => {
  test.each([
    ['ELF', elf],
    ['Mach-O', macho],
    ['Mach-O', universal],
    ['Windows', windowsProgram()],
  ])('finds a native program (%s) outside of backend/, whatever it is called', (format, bytes) => {
    expect(judgeFile('assets/logo.png', bytes)).toMatchObject([
      { rule: 'executable-outside-backend', severity: 'critical', detail: expect.stringContaining(format) },
    ]);
    expect(judgeFile('backend/bin/server', bytes)).toMatchObject([{ severity: 'info' }]);
  });

  test('blocks a package with a native program in dist/ [REV-02]', async () => {
    const built = await buildPackage(folder, { 'dist/index.js': '1;\n', 'dist/helper.js': elf });
    const { decision } = await scanAll(built.path, built.bytes);
    expect(decision).toMatchObject({ outcome: 'reject', problems: [{ pointer: 'dist/helper.js' }] });
  });

  test('does not take text, Java classes or short files for programs', () => {
    for (const bytes of [Buffer.from('MZ is a text'), javaClass, Buffer.from('MZ'), Buffer.alloc(0)]) {
      expect(judgeFile('docs/some', bytes).filter((each) => each.severity === 'critical')).toEqual([]);
    }
    expect(judgeFile('docs/mz.txt', Buffer.from(`MZ ${'long text '.repeat(50)}`))).toEqual([]);
  });

  test.each([
    ['dist/more.zip', Buffer.from('PK\x03\x04' + 'x'.repeat(60)), 'nested-archive'],
    ['dist/more.bin', padded(0x1f, 0x8b, 8, 0), 'nested-archive'],
    ['assets/photo.png', Buffer.from('<script>alert(1)</script>'), 'type-mismatch'],
    ['dist/code.js', Buffer.from('var a = 1;\0\0\0'), 'binary-as-text'],
    ['dist/start.bat', Buffer.from('@echo off'), 'program-ending'],
  ])('warns of %s', (path, bytes, rule) => {
    expect(judgeFile(path, bytes)).toMatchObject([{ rule, severity: 'warning', path }]);
  });

  test.each([
    ['assets/logo.png', png],
    ['dist/index.js', Buffer.from('#!/usr/bin/env node\nPLAIN')],
    ['dist/empty.js', Buffer.alloc(0)],
    ['dist/module.wasm', Buffer.from('\0asm\x01\0\0\0', 'latin1')],
    ['LICENSE', Buffer.from('MIT')],
  ])('has nothing to say of %s', (path, bytes) => {
    expect(judgeFile(path, bytes)).toEqual([]);
  });

  test('reads the files of a real package', async () => {
    const findings = await scanFiles(folder, fileTypesScanner(), { 'assets/tool': elf, 'backend/tool': elf });
    expect(findings.map(({ path, severity }) => [path, severity])).toEqual([
      ['assets/tool', 'critical'],
      ['backend/tool', 'info'],
    ]);
  });
});
