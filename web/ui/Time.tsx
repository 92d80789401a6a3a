import { formatAbsolute, formatRelative } from '../format/time';
import { useNow } from './useNow';

/** A moment as "12 s ago", with the exact time in the reader's zone as a tooltip. */
export function RelativeTime({ at }: { at: string }) {
  const now = useNow(1_000);
  return (
    <time dateTime={at} title={formatAbsolute(at, now)} className="whitespace-nowrap">
      {formatRelative(at, now)}
    </time>
  );
}
