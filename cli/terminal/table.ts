import Table from 'cli-table3';
import type { Terminal } from './terminal';

const BORDERLESS = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ' },
};

/** A box without a line between each two rows. */
const COMPACT = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };

/** The lines of a table: drawn with lines where a person watches, aligned columns in a log file. */
export function renderTable(
  terminal: Terminal,
  head: readonly string[],
  rows: readonly string[][],
): string[] {
  // Pairs hold long values, which a box would only wrap.
  const isBoxed = terminal.live && head.length > 0;
  const chars = isBoxed ? COMPACT : BORDERLESS;
  const style = { head: [], border: [], 'padding-left': 0, 'padding-right': 0 };
  const padded = { ...style, 'padding-left': 1, 'padding-right': 1 };
  const table = new Table({
    chars,
    head: head.map((each) => terminal.paint('bold', each)),
    style: isBoxed ? padded : style,
  });
  // A cell is one line, or a foreign text could draw rows of its own.
  table.push(...rows.map((row) => row.map(terminal.clean)));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}

/** Two columns of names and values, without a head. */
export const renderPairs = (terminal: Terminal, pairs: readonly (readonly [string, string])[]): string[] =>
  renderTable(
    terminal,
    [],
    pairs.map(([name, value]) => [name, value]),
  );
