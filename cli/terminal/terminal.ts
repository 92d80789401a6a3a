import { toPlainJson } from '../../core/foreignText';
import { createPainter, type Paint } from '../../platform/terminal/paint';

/** The part of a stream that is used; `isTTY` is absent for files and pipes. */
export interface OutStream {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

export type { Paint };

/**
 * Where a command writes. With `--json`, stdout carries one document and nothing else; all that is
 * meant for people goes to stderr. What servers and packages say reaches neither with a character that a
 * terminal obeys: each line is cleaned when it is written, and only what was painted here is coloured.
 */
export interface Terminal {
  /** Whether a person watches, so that lines may be redrawn. */
  readonly live: boolean;
  readonly json: boolean;
  readonly verbose: boolean;
  readonly columns: number;
  /** Writes one line, whatever the text holds. */
  line(text?: string): void;
  lines(texts: readonly string[]): void;
  error(text: string): void;
  /** The document of `--json`; does nothing without it. */
  document(value: unknown): void;
  paint(style: Paint, text: string): string;
  /** One line that is still to be laid out, in which what was painted stays so. */
  clean(text: string): string;
  /** A line as it is written, for what writes by itself. */
  show(text: string): string;
}

export function createTerminal(
  io: {
    env: Readonly<Record<string, string | undefined>>;
    stdout: OutStream;
    stderr: OutStream;
  },
  options: { json?: boolean; verbose?: boolean } = {},
): Terminal {
  const json = options.json ?? false;
  const people = json ? io.stderr : io.stdout;
  const isTerminal = Boolean(people.isTTY) && io.env.TERM !== 'dumb';
  const painter = createPainter(isTerminal && (io.env.NO_COLOR ?? '') === '');
  const write = (stream: OutStream, text: string): unknown => stream.write(`${painter.show(text)}\n`);
  return {
    live: isTerminal && (io.env.CI ?? '') === '' && !json,
    json,
    verbose: options.verbose ?? false,
    // A terminal that does not know its width says 0.
    columns: people.columns === 0 ? 80 : (people.columns ?? 100),
    line: (text = '') => void write(people, text),
    lines: (texts) => texts.forEach((text) => write(people, text)),
    error: (text) => void write(io.stderr, text),
    document: (value) => void (json && io.stdout.write(`${toPlainJson(value, 2)}\n`)),
    ...painter,
  };
}
