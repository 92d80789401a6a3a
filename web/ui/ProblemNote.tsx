import { toProblem } from '../http/problems';
import { button } from './button';
import { Icon } from './Icon';

interface ProblemNoteProps {
  problem: unknown;
  onRetry?: () => void;
}

/** A problem document for people: what happened, what to do next, and what to quote to the operators. */
export function ProblemNote({ problem, onRetry }: ProblemNoteProps) {
  const { title, detail, next, code, errors, requestId } = toProblem(problem);
  return (
    <div role="alert" className="rounded-xl border border-bad/40 bg-bad-soft p-4 text-ink">
      <p className="flex items-center gap-2 font-semibold text-bad">
        <Icon name="alert" size={18} /> {title}
      </p>
      <p className="mt-1">{detail}</p>
      {errors.length > 1 && (
        <ul className="mt-2 list-disc pl-5">
          {errors.map((each) => (
            <li key={`${each.pointer ?? ''} ${each.detail}`}>{each.detail}</li>
          ))}
        </ul>
      )}
      <p className="mt-2">
        <span className="font-semibold">Next step:</span> {next}
      </p>
      <p className="mt-2 font-mono text-xs break-all">
        {code}
        {requestId && <> · request {requestId}</>}
      </p>
      {onRetry && (
        <button type="button" className={`${button.plain} mt-3`} onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
