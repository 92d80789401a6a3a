import type { ScanFinding } from '../../core/scans/findings';
import { Refusal } from '../../core/errors/errors';
import { DEFAULT_LIMITS } from '../../pxp/format';
import { openPackage } from '../../pxp/openPackage';
import { contentOf, eachEntry } from './entries';
import { digestOfRules, type ScanInput, type Scanner } from './scanner';

/** The rules are those of the package format; its limits are the part of them that is data. */
const RULES = { form: 'canonical', contents: 'length-and-crc', limits: DEFAULT_LIMITS };

/**
 * Proves the canonical form once more from the file itself, and that every entry inflates to its
 * declared length and CRC-32 within the limits.
 */
export function archiveFormScanner(): Scanner {
  return {
    name: 'archive-form',
    version: '1.0.0',
    rulesDigest: digestOfRules(RULES),
    async scan(input) {
      const form = await toFindings(() => proveForm(input.path));
      return form.length > 0 ? form : proveContents(input);
    },
  };
}

async function proveForm(path: string): Promise<void> {
  const opened = await openPackage(path);
  await opened.close();
}

async function proveContents(input: ScanInput): Promise<ScanFinding[]> {
  const findings: ScanFinding[] = [];
  await eachEntry(input, async (entry) => {
    findings.push(...(await toFindings(() => drained(contentOf(input, entry.path)))));
  });
  return findings;
}

async function drained(content: AsyncIterable<Buffer>): Promise<void> {
  const chunks = content[Symbol.asyncIterator]();
  while (!(await chunks.next()).done);
}

/** A refusal is a finding about the package; any other error means that the scan itself failed. */
export async function toFindings(prove: () => Promise<unknown>): Promise<ScanFinding[]> {
  try {
    await prove();
    return [];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.problems.map(({ code, detail, pointer }) => ({
      rule: code.toLowerCase().replaceAll('_', '-'),
      severity: 'critical',
      ...(pointer === undefined ? {} : { path: pointer }),
      detail,
    }));
  }
}
