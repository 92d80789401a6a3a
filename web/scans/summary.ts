import type { ScanView } from '../../contracts/scans/scan';
import { count } from '../format/words';
import type { Tone } from '../releases/states';

export const verdictLooks: Record<ScanView['verdict'], { label: string; tone: Tone }> = {
  pass: { label: 'Pass', tone: 'ok' },
  fail: { label: 'Fail', tone: 'bad' },
  inconclusive: { label: 'Inconclusive', tone: 'warn' },
};

/** All scans in a few words; the worst verdict gives the colour, and nothing scanned is no pass. */
export function summarise(scans: readonly ScanView[]): { tone: Tone; text: string } {
  const number = (verdict: ScanView['verdict']): number =>
    scans.filter((scan) => scan.verdict === verdict).length;
  if (scans.length === 0) return { tone: 'neutral', text: 'Not scanned' };
  if (number('fail') > 0) return { tone: 'bad', text: `${number('fail')} of ${scans.length} failed` };
  if (number('inconclusive') > 0) return { tone: 'warn', text: `${number('inconclusive')} inconclusive` };
  const findings = scans.reduce((sum, scan) => sum + scan.findings.length, 0);
  const rest = findings > 0 ? `, ${count(findings, 'finding')}` : '';
  return { tone: 'ok', text: `${count(scans.length, 'scan')} passed${rest}` };
}
