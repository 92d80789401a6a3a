import { PROGRAM_ROOT } from '../../../core/scans/programs';

/**
 * The rules of the `file-types` scanner, as plain data: their digest is recorded with every report.
 * Type names are those of magic-bytes.js.
 */
export const FILE_TYPE_RULES = {
  /** The only root whose files may be programs of a platform. */
  programRoot: PROGRAM_ROOT,
  /** Types that hold other files: their contents are not looked at, so a person should know. */
  archives: ['zip', 'gz', 'tar.gz', 'tar', '7z', 'rar', 'bz2', 'xz', 'tar.xz', 'lz', 'cab', 'iso', 'z'],
  /** Installers and code of other platforms, which no host runs and a tenant might. */
  foreign: ['deb', 'rpm', 'dmg', 'xar', 'crx', 'dex', 'swf', 'vmdk'],
  /** File endings that an operating system starts on a double click. */
  programEndings: ['exe', 'dll', 'scr', 'com', 'bat', 'cmd', 'ps1', 'vbs', 'hta', 'lnk', 'msi'],
  /** What a file with such an ending must look like. */
  endings: {
    png: ['png', 'apng'],
    jpg: ['jpg'],
    jpeg: ['jpg'],
    gif: ['gif'],
    webp: ['webp'],
    pdf: ['pdf'],
    woff: ['woff'],
    woff2: ['woff2'],
    otf: ['otf'],
    wasm: ['wasm'],
    ico: ['ico', 'png'],
  } as Record<string, string[]>,
  /** Endings of text, in which a zero byte has no place. */
  textEndings: [
    'js',
    'mjs',
    'cjs',
    'ts',
    'json',
    'css',
    'html',
    'md',
    'txt',
    'yaml',
    'yml',
    'svg',
    'sql',
    'map',
  ],
};
