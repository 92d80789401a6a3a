import type { ScanView } from '../../contracts/scans/scan';
import { plural } from '../../core/plural';
import type { Tone } from '../ui/tones';

export const scanVerdicts: Record<ScanView['verdict'], { label: string; tone: Tone }> = {
  pass: { label: 'Pass', tone: 'ok' },
  fail: { label: 'Fail', tone: 'bad' },
  inconclusive: { label: 'Inconclusive', tone: 'warn' },
};

/** All scans in a few words; the worst verdict decides the colour, and no scans are not a pass. */
export function summarise(scans: readonly ScanView[]): { tone: Tone; text: string } {
  const number = (verdict: ScanView['verdict']): number =>
    scans.filter((scan) => scan.verdict === verdict).length;
  if (scans.length === 0) return { tone: 'neutral', text: 'Not scanned' };
  if (number('fail') > 0) return { tone: 'bad', text: `${number('fail')} of ${scans.length} failed` };
  if (number('inconclusive') > 0) return { tone: 'warn', text: `${number('inconclusive')} inconclusive` };
  const findings = scans.reduce((sum, scan) => sum + scan.findings.length, 0);
  const rest = findings > 0 ? `, ${plural(findings, 'finding')}` : '';
  return { tone: 'ok', text: `${plural(scans.length, 'scan')} passed${rest}` };
}
