import { useEffect, useId, useRef } from 'react';
import type { QueueEntry } from '../../contracts/reviews/queue';
import { button } from '../ui/button';
import type { Verdict } from './useDecision';

interface ConfirmDialogProps {
  review: QueueEntry;
  decision: Verdict;
  onConfirm: () => void;
  onCancel: () => void;
}

const words: Record<Verdict, { verb: string; effect: string }> = {
  approve: {
    verb: 'Approve',
    effect: 'The version is listed, subscribed tenants are notified, and its rollout begins.',
  },
  reject: { verb: 'Reject', effect: 'The release ends here, and the publisher is sent your reason.' },
};

/** The browser's own modal dialog: it keeps the focus inside, and Escape closes it. */
export function ConfirmDialog({ review, decision, onConfirm, onCancel }: ConfirmDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const { verb, effect } = words[decision];
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onClose={onCancel}
      className="m-auto w-[min(28rem,calc(100vw-2rem))] rounded-xl border border-line bg-card p-5 text-ink shadow-xl"
    >
      <h2 id={titleId} className="text-lg font-semibold break-words">
        {verb} {review.name} {review.version}?
      </h2>
      <p className="mt-2">{effect}</p>
      <p className="mt-1 text-muted">The decision is final.</p>
      <div className="mt-5 flex flex-wrap justify-end gap-3">
        <button type="button" className={button.plain} onClick={onCancel}>
          Cancel
        </button>
        <button
          type="button"
          className={decision === 'approve' ? button.primary : button.danger}
          onClick={onConfirm}
        >
          {verb} {review.version}
        </button>
      </div>
    </dialog>
  );
}
