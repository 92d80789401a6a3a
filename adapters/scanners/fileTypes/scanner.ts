import { filetypename } from 'magic-bytes.js';
import { describeMisplacedProgram } from '../../../core/scans/programs';
import type { ScanFinding } from '../../../core/scans/findings';
import { eachEntry, readHead } from '../entries';
import { digestOfRules, type Scanner } from '../scanner';
import { PROGRAM_HEAD_BYTES, programFormat } from '../../../platform/files/programs';
import { FILE_TYPE_RULES as RULES } from './rules';

/** Compares what files are, by their first bytes, with what they are called and where they are. */
export function fileTypesScanner(): Scanner {
  return {
    name: 'file-types',
    version: '1.0.0',
    rulesDigest: digestOfRules(RULES),
    async scan(input) {
      const findings: ScanFinding[] = [];
      await eachEntry(input, async ({ path }) => {
        findings.push(...judgeFile(path, await readHead(input.package, path, PROGRAM_HEAD_BYTES)));
      });
      return findings;
    },
  };
}

/** What is to be said of one file, given its path and first bytes. */
export function judgeFile(path: string, head: Buffer): ScanFinding[] {
  const program = programFormat(head);
  if (program) return [judgeProgram(path, program)];
  const types = filetypename(head);
  const ending = getEnding(path);
  return [...judgeContainer(path, types), ...judgeEnding(path, ending, types, head)];
}

function judgeProgram(path: string, format: string): ScanFinding {
  if (path.startsWith(RULES.programRoot)) {
    const detail = `A native program (${format}).`;
    return { rule: 'executable-in-backend', severity: 'info', path, detail };
  }
  const detail = describeMisplacedProgram(format);
  return { rule: 'executable-outside-backend', severity: 'critical', path, detail };
}

function judgeContainer(path: string, types: string[]): ScanFinding[] {
  const archive = types.find((type) => RULES.archives.includes(type));
  const foreign = types.find((type) => RULES.foreign.includes(type));
  if (foreign) {
    return [
      {
        rule: 'foreign-program',
        severity: 'warning',
        path,
        detail: `A file of another platform (${foreign}).`,
      },
    ];
  }
  if (!archive) return [];
  const detail = `An archive (${archive}) whose contents were not scanned.`;
  return [{ rule: 'nested-archive', severity: 'warning', path, detail }];
}

function judgeEnding(path: string, ending: string, types: string[], head: Buffer): ScanFinding[] {
  if (head.length === 0) return [];
  const expected = RULES.endings[ending];
  const findings: ScanFinding[] = [];
  const warn = (rule: string, detail: string) => findings.push({ rule, severity: 'warning', path, detail });
  if (expected && !expected.some((type) => types.includes(type))) {
    warn('type-mismatch', `The file is called .${ending} and is something else${looksLike(types)}.`);
  }
  if (RULES.textEndings.includes(ending) && head.includes(0)) {
    warn('binary-as-text', `The file is called .${ending} and holds binary data${looksLike(types)}.`);
  }
  if (RULES.programEndings.includes(ending) && !path.startsWith(RULES.programRoot)) {
    warn('program-ending', `The ending .${ending} makes an operating system start the file.`);
  }
  return findings;
}

const looksLike = (types: string[]): string => (types.length === 0 ? '' : ` (looks like ${types[0]})`);

function getEnding(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot + 1).toLowerCase();
}
