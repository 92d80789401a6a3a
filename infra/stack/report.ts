import Table from 'cli-table3';
import type { Stack } from './startStack';

/** Where to go now: a table for a person, plain `name: address` lines for a log file. */
export function addressLines(stack: Pick<Stack, 'addresses' | 'timings'>, isLive: boolean): string[] {
  const { addresses, timings } = stack;
  const rows: [string, string | undefined][] = [
    ['Web', addresses.web],
    ['API', addresses.api],
    ['API documentation', addresses.docs],
    ['Temporal UI', addresses.temporalUi],
    ...Object.entries(addresses.hosts).map(([tenant, url]): [string, string] => [`Host of ${tenant}`, url]),
  ];
  const known = rows.filter((row): row is [string, string] => row[1] !== undefined);
  const ready = `ready in ${timings.totalSeconds.toFixed(1)} s`;
  if (!isLive) return [...known.map(([name, url]) => `${name}: ${url}`), ready];
  // One line a row: rules between them would push the list of components off the screen.
  const chars = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };
  const table = new Table({ chars, style: { border: ['gray'] } });
  table.push(...known);
  return [table.toString(), ready];
}
