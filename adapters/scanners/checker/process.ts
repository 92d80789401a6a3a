import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { CheckEndCause } from '../../../core/releases/checkEnds';
import { killGroup } from '../../../platform/processes/killGroup';
import { CheckEnded, isStop } from './checkEnded';
import type { AskChecker } from './checks';
import { answerSchema, MAX_ANSWER_BYTES, READY, type CheckAnswer } from './protocol';

/** One process that carries out checks, one after the other. */
export interface Checker {
  /** @throws CheckEnded when it ends before it answers; Error when it did not start, or somebody stopped it */
  ask: AskChecker;
  hasEnded(): boolean;
  end(): void;
}

const OUT_OF_MEMORY = /out of memory|bad_alloc|allocation failed/i;
const START_MS = 60_000;

/** Takes charge of a process that runs `worker/checker/main.ts`, with pipes for input, output and errors. */
export function takeCharge(child: ChildProcess): Checker {
  let endedBy: CheckEndCause | undefined;
  let isOver = false;
  const end = (cause?: CheckEndCause): void => {
    endedBy ??= cause;
    if (child.pid !== undefined && !isOver) killGroup(child.pid);
  };
  watchMemory(child.stderr!, () => (endedBy ??= 'memory'));
  const ended = waitForEnd(child).then((how) => {
    isOver = true;
    throw toError(how, endedBy);
  });
  const nextLine = readLines(child.stdout!, ended, () => end('output'));
  child.stdin?.on('error', () => undefined);
  const starting = setTimeout(() => end('time'), START_MS);
  const ready = nextLine()
    .then((line) => line === READY)
    .catch(() => false)
    .finally(() => clearTimeout(starting));

  return {
    async ask(job, { deadlineMs, signal }) {
      if (!(await ready)) throw new Error('The checker did not start.');
      signal.throwIfAborted();
      const stop = (): void => end();
      const timer = setTimeout(() => end('time'), deadlineMs);
      signal.addEventListener('abort', stop, { once: true });
      try {
        child.stdin!.write(`${JSON.stringify(job)}\n`);
        return readAnswer(await nextLine());
      } catch (error) {
        signal.throwIfAborted();
        throw error;
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
      }
    },
    hasEnded: () => isOver,
    end: () => end(),
  };
}

function readAnswer(line: string): CheckAnswer {
  try {
    return answerSchema.parse(JSON.parse(line));
  } catch {
    throw new CheckEnded('output');
  }
}

/** V8 says so before it ends the process; nothing else of what a checker writes there is kept. */
function watchMemory(errors: Readable, onExhausted: () => void): void {
  errors.setEncoding('utf8').on('data', (text: string) => {
    if (OUT_OF_MEMORY.test(text)) onExhausted();
  });
}

type End = { code: number | null; signal: NodeJS.Signals | null } | { error: Error };

const waitForEnd = (child: ChildProcess): Promise<End> =>
  new Promise((resolve) => {
    child.once('error', (error) => resolve({ error }));
    child.once('close', (code, signal) => resolve({ code, signal }));
  });

function toError(how: End, endedBy: CheckEndCause | undefined): Error {
  if (endedBy) return new CheckEnded(endedBy);
  if ('error' in how) return new Error(`The checker could not be started (${how.error.message}).`);
  if (how.signal === 'SIGXCPU') return new CheckEnded('time');
  if (isStop(how.signal)) return new Error(`The checker was ended by ${how.signal}.`);
  return new CheckEnded('crash');
}

/**
 * Returns a function that reads the next line and rejects when the process has ended. One answer at a time is
 * asked for: a process that writes more, or unasked, breaks the protocol.
 */
function readLines(output: Readable, ended: Promise<never>, onBreach: () => void): () => Promise<string> {
  let rest = '';
  let awaited: ((line: string) => void) | undefined;
  let isBreached = false;
  const breach = (): void => {
    isBreached = true;
    onBreach();
  };
  output.setEncoding('utf8').on('data', (text: string) => {
    // The process is being ended. What it still had to say may look like the answer, and is not believed.
    if (isBreached) return;
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    const [line] = lines;
    if (rest.length > MAX_ANSWER_BYTES || lines.length > 1 || !awaited) return breach();
    if (line === undefined) return;
    awaited(line);
    awaited = undefined;
  });
  // Told to whoever waits for a line; nobody may be.
  ended.catch(() => undefined);
  return () => Promise.race([new Promise<string>((resolve) => (awaited = resolve)), ended]);
}
