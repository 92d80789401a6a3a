import { styleText } from 'node:util';
import { stripControls } from './plain';

/** The part of a stream that is used; `isTTY` is absent for files and pipes. */
export interface OutStream {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

export type Paint = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/**
 * Where a command writes. With `--json`, stdout carries one document and nothing else; all that is
 * meant for people goes to stderr.
 */
export interface Terminal {
  /** Whether a person watches, so that lines may be redrawn. */
  readonly live: boolean;
  readonly json: boolean;
  readonly verbose: boolean;
  readonly columns: number;
  line(text?: string): void;
  error(text: string): void;
  /** The document of `--json`; does nothing without it. */
  document(value: unknown): void;
  paint(style: Paint, text: string): string;
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
  const colour = isTerminal && (io.env.NO_COLOR ?? '') === '';
  // What servers and packages say must not move the cursor of who reads it.
  const write = (stream: OutStream, text: string): unknown =>
    stream.write(`${colour ? text : stripControls(text)}\n`);
  return {
    live: isTerminal && (io.env.CI ?? '') === '' && !json,
    json,
    verbose: options.verbose ?? false,
    columns: people.columns ?? 100,
    line: (text = '') => void write(people, text),
    error: (text) => void write(io.stderr, text),
    document: (value) => void (json && io.stdout.write(`${JSON.stringify(value, null, 2)}\n`)),
    paint: (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text),
  };
}
