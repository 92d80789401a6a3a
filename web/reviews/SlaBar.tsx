import type { QueueEntry } from '../../contracts/reviews/queue';
import { formatAbsolute, formatSpan } from '../format/time';
import { useNow } from '../ui/useNow';
import { measureSla, type Sla } from './sla';

const fills: Record<Sla['tone'], string> = { ok: 'bg-ok-fill', warn: 'bg-warn-fill', bad: 'bg-bad-fill' };
const texts: Record<Sla['tone'], string> = { ok: 'text-ok', warn: 'text-warn', bad: 'text-bad' };

/** How long the release has waited and how much time is left; green, amber, then red. */
export function SlaBar({ review }: { review: QueueEntry }) {
  const now = useNow(1_000);
  const sla = measureSla(review, now);
  if (!sla || review.openedAt === null || review.slaDeadline === null) return null;
  const { share, tone, leftMs } = sla;
  return (
    <div className="min-w-0">
      <div className="mb-1 flex flex-wrap justify-between gap-x-3 text-sm tabular-nums">
        <span className="text-muted">waiting for {formatSpan(now - Date.parse(review.openedAt))}</span>
        <span
          className={`font-semibold ${texts[tone]}`}
          title={`Due ${formatAbsolute(review.slaDeadline, now)}`}
        >
          {leftMs > 0 ? `due in ${formatSpan(leftMs)}` : `overdue by ${formatSpan(-leftMs)}`}
        </span>
      </div>
      <div
        role="progressbar"
        aria-label="Review time used"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
        className="h-2 overflow-hidden rounded-full bg-well"
      >
        <div
          className={`h-full rounded-full ${fills[tone]}`}
          style={{ width: `${Math.max(1, share * 100)}%` }}
        />
      </div>
    </div>
  );
}
