import { useId, useRef, useState } from 'react';
import type { QueueEntry } from '../../contracts/reviews/queue';
import { button, field } from '../ui/button';
import { Digest } from '../ui/Digest';
import { ConfirmDialog } from './ConfirmDialog';
import type { Verdict } from './useDecision';

interface DecisionFormProps {
  review: QueueEntry;
  isBusy: boolean;
  onDecide: (input: { decision: Verdict; notes: string }) => void;
}

/** Notes and two buttons; each asks for confirmation, because a decision is final. */
export function DecisionForm({ review, isBusy, onDecide }: DecisionFormProps) {
  const [notes, setNotes] = useState('');
  const [asking, setAsking] = useState<Verdict>();
  const [isReasonMissing, setReasonMissing] = useState(false);
  const textarea = useRef<HTMLTextAreaElement>(null);
  const hintId = useId();
  const ask = (decision: Verdict): void => {
    const isMissing = decision === 'reject' && notes.trim() === '';
    setReasonMissing(isMissing);
    if (isMissing) textarea.current?.focus();
    else setAsking(decision);
  };
  const confirm = (decision: Verdict): void => {
    setAsking(undefined);
    onDecide({ decision, notes: notes.trim() });
  };
  return (
    <div className="grid gap-4">
      <label className="grid gap-1.5">
        <span className="text-sm font-semibold">Notes for the publisher</span>
        <textarea
          ref={textarea}
          className={`${field} min-h-28`}
          maxLength={10_000}
          value={notes}
          onChange={(event) => setNotes(event.target.value)}
          aria-invalid={isReasonMissing}
          aria-describedby={hintId}
        />
      </label>
      <p
        id={hintId}
        className={`-mt-2.5 text-sm ${isReasonMissing ? 'font-semibold text-bad' : 'text-muted'}`}
      >
        {isReasonMissing
          ? 'Give a reason, so that the publisher knows what to fix.'
          : 'A rejection needs a reason; for an approval it is optional.'}
      </p>
      <div className="text-sm">
        <span className="text-muted">You are deciding on package </span>
        <Digest value={review.packageSha256} name="package digest" />
      </div>
      <div className="flex flex-wrap gap-3">
        <button
          type="button"
          className={`${button.primary} flex-1`}
          disabled={isBusy}
          onClick={() => ask('approve')}
        >
          Approve
        </button>
        <button
          type="button"
          className={`${button.danger} flex-1`}
          disabled={isBusy}
          onClick={() => ask('reject')}
        >
          Reject
        </button>
      </div>
      {asking && (
        <ConfirmDialog
          review={review}
          decision={asking}
          onConfirm={() => confirm(asking)}
          onCancel={() => setAsking(undefined)}
        />
      )}
    </div>
  );
}
