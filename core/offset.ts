import { DAY, HOUR, MINUTE } from './duration';
import { plural } from './plural';

const units = [
  [DAY, 'day'],
  [HOUR, 'hour'],
  [MINUTE, 'minute'],
] as const;

/**
 * By how much a machine's clock is wrong, in its largest unit: "This machine's clock is 2 days behind."
 *
 * @param ms how far it is ahead, in milliseconds; below zero it is behind
 */
export function describeOffset(ms: number): string {
  const size = Math.abs(ms);
  const [unit, name] = units.find(([each]) => size >= each * 0.95) ?? [1000, 'second'];
  return `This machine's clock is ${plural(Math.round(size / unit), name)} ${ms < 0 ? 'behind' : 'ahead'}.`;
}
