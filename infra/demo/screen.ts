import Table from 'cli-table3';
import { createPainter, type Paint } from '../../platform/terminal/paint';
import { isLiveTerminal } from '../terminal/progress';

/** What the demonstration says: with colour and tables where a person watches, plain lines in a log. */
export interface Screen {
  readonly isLive: boolean;
  heading(text: string): void;
  line(text?: string): void;
  /** A line of somebody who acts besides the command line that is on the screen. */
  by(who: string, text: string): void;
  table(head: readonly string[], rows: readonly (readonly string[])[]): void;
  paint(style: Paint, text: string): string;
}

export function createScreen(out: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Screen {
  const isLive = isLiveTerminal(out, env);
  const painter = createPainter(isLive && !env.NO_COLOR);
  const { paint } = painter;
  const line = (text = ''): void => void out.write(`${painter.show(text)}\n`);
  const lines = (texts: readonly string[]): void => texts.forEach((text) => line(text));
  return {
    isLive,
    paint,
    line,
    heading: (text) => lines(['', paint('bold', isLive ? `━━ ${text}` : `== ${text}`)]),
    by: (who, text) => line(`${paint('cyan', `${who}:`)} ${text}`),
    table: (head, rows) => {
      const cleaned = rows.map((row) => row.map(painter.clean));
      lines((isLive ? drawn(head, cleaned, paint) : aligned(head, cleaned)).split('\n'));
    },
  };
}

function drawn(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  paint: Screen['paint'],
): string {
  const chars = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };
  const border = paint('dim', '') === '' ? [] : ['gray'];
  const table = new Table({ chars, style: { border, head: [] } });
  table.push(
    head.map((each) => paint('bold', each)),
    ...rows.map((row) => [...row]),
  );
  return table.toString();
}

/** Columns by spaces: it reads well in a file, and a program can cut it. */
function aligned(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
