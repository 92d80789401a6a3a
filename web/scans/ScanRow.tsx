import type { ScanView } from '../../contracts/scans/scan';
import { plural } from '../../core/plural';
import { shortDigest } from '../format/words';
import type { Tone } from '../ui/tones';
import { Badge } from '../ui/Badge';
import { scanVerdicts } from './summary';

type Finding = ScanView['findings'][number];

const severities: Record<Finding['severity'], { label: string; tone: Tone }> = {
  info: { label: 'Info', tone: 'neutral' },
  warning: { label: 'Warning', tone: 'warn' },
  critical: { label: 'Critical', tone: 'bad' },
};

export function ScanRow({ scan }: { scan: ScanView }) {
  const { label, tone } = scanVerdicts[scan.verdict];
  return (
    <tr className="border-b border-line align-top last:border-0">
      <th scope="row" className="min-w-0 py-2.5 pr-3 text-left font-normal">
        <span className="font-semibold">{scan.scanner}</span>{' '}
        <span className="text-xs text-muted" title={`rules ${scan.rulesDigest}`}>
          {scan.version} · rules {shortDigest(scan.rulesDigest).slice(0, 8)}
        </span>
        {scan.findings.length > 0 && <Findings scan={scan} />}
      </th>
      <td className="py-2.5 text-right">
        <Badge tone={tone}>{label}</Badge>
      </td>
    </tr>
  );
}

/** A scan that did not pass is expanded: its findings are what the reader came for. */
function Findings({ scan }: { scan: ScanView }) {
  return (
    <details open={scan.verdict !== 'pass'} className="mt-1">
      <summary className="text-accent">{plural(scan.findings.length, 'finding')}</summary>
      <ul className="mt-2 grid gap-2">
        {scan.findings.map((finding, index) => (
          <li key={index} className="rounded-lg bg-well p-2.5">
            <Badge tone={severities[finding.severity].tone}>{severities[finding.severity].label}</Badge>{' '}
            <span className="break-words">{finding.detail}</span>
            <span className="mt-1 block font-mono text-xs break-all text-muted">
              {finding.path !== undefined &&
                `${finding.path}${finding.line === undefined ? '' : `:${finding.line}`} · `}
              {finding.rule}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
