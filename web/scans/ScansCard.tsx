import type { ScanView } from '../../contracts/scans/scan';
import { plural } from '../../core/plural';
import { Badge } from '../ui/Badge';
import { Card } from '../ui/Card';
import { ScanRow } from './ScanRow';
import { summarise } from './summary';

/** Every scanner's verdict, with its findings in a disclosure. */
export function ScansCard({ scans, isRunning }: { scans: ScanView[]; isRunning: boolean }) {
  const { tone, text } = summarise(scans);
  return (
    <Card title="Scans" aside={scans.length > 0 && <Badge tone={tone}>{text}</Badge>}>
      {scans.length === 0 ? (
        <p className="text-sm text-muted">
          {isRunning ? 'The scanners are running; their verdicts appear here.' : 'Not scanned yet.'}
        </p>
      ) : (
        <table className="w-full border-collapse text-sm">
          <caption className="sr-only">{plural(scans.length, 'scanner')}</caption>
          <thead>
            <tr className="border-b border-line text-left text-xs text-muted">
              <th scope="col" className="pb-1.5 font-semibold">
                Scanner
              </th>
              <th scope="col" className="pb-1.5 text-right font-semibold">
                Verdict
              </th>
            </tr>
          </thead>
          <tbody>
            {scans.map((scan) => (
              <ScanRow key={scan.scanner} scan={scan} />
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}
