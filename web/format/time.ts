const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "850 ms", "6.2 s", "3 min 4 s", "2 h 5 min", "3 d 4 h": at most two units, for people. */
export function formatElapsed(ms: number): string {
  const span = Math.max(0, ms);
  if (span < SECOND) return `${Math.round(span)} ms`;
  // Rounding must not make "60 s" of 59.96 s.
  if (span < 10 * SECOND) return `${(Math.floor(span / 100) / 10).toString()} s`;
  return formatSpan(span);
}

/** Whole seconds and larger: for countdowns and waiting times, which tick. */
export function formatSpan(ms: number): string {
  const span = Math.max(0, ms);
  if (span < MINUTE) return `${Math.floor(span / SECOND)} s`;
  if (span < HOUR) return pair(span, MINUTE, 'min', SECOND, 's');
  if (span < DAY) return pair(span, HOUR, 'h', MINUTE, 'min');
  return pair(span, DAY, 'd', HOUR, 'h');
}

function pair(span: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((span % large) / small);
  const head = `${Math.floor(span / large)} ${largeName}`;
  return rest === 0 ? head : `${head} ${rest} ${smallName}`;
}

/** "just now", "12 s ago", "in 3 min": one unit, coarse, because the exact time stands beside it. */
export function formatRelative(at: string, now: number): string {
  const difference = now - Date.parse(at);
  const span = Math.abs(difference);
  if (span < 3 * SECOND) return 'just now';
  const [unit, name] = [[DAY, 'd'] as const, [HOUR, 'h'] as const, [MINUTE, 'min'] as const].find(
    ([each]) => span >= each,
  ) ?? [SECOND, 's'];
  const text = `${Math.floor(span / unit)} ${name}`;
  return difference >= 0 ? `${text} ago` : `in ${text}`;
}

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const dayAndClock = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

/** The time in the reader's zone, with the day where it is not today. */
export function formatAbsolute(at: string, now: number): string {
  const time = new Date(at);
  const isToday = time.toDateString() === new Date(now).toDateString();
  return (isToday ? clock : dayAndClock).format(time);
}
