import { Listr } from 'listr2';
import { getErrorMessage } from '../../core/errors/thrown';
import { toPlainLine, toPlainLines } from '../../core/foreignText';

/** One line of a progress list. `run` may say what it is doing and returns the text that stays when it is done. */
export interface Step {
  title: string;
  /** What must have happened before; waiting for it is not counted as this step's time. */
  after?: Promise<unknown>;
  run(say: (text: string) => void): Promise<string | void>;
}

export interface Progress {
  /** Runs the steps, in order or at once; the first failure is thrown after the others have settled. */
  steps(steps: readonly Step[], options?: { concurrent?: boolean }): Promise<void>;
  line(text: string): void;
}

/** A live list where a person watches, plain lines for everything else (CI, a file, a pipe). */
export function progressFor(out: NodeJS.WriteStream = process.stdout, env = process.env): Progress {
  return isLiveTerminal(out, env) ? liveProgress(out) : plainProgress((line) => out.write(`${line}\n`));
}

/** A terminal that tells no width, or hardly any, would break every line of a list apart. */
export function isLiveTerminal(out: NodeJS.WriteStream = process.stdout, env = process.env): boolean {
  return Boolean(out.isTTY) && out.columns >= 40 && !env.CI && env.TERM !== 'dumb';
}

/**
 * Says nothing: for callers that show progress of their own.
 *
 * @internal for tests and benchmarks
 */
export const silentProgress: Progress = plainProgress(() => undefined);

/** Plain lines without any control character, one when a step starts to say something and one when it ends. */
export function plainProgress(write: (line: string) => void): Progress {
  // What foreign commands say of their progress is full of carriage returns and colours.
  const line = (text: string): void => toPlainLines(text).forEach(write);
  const runStep = async (step: Step): Promise<void> => {
    let started = performance.now();
    try {
      await step.after;
      started = performance.now();
      const text = await step.run((said) => said.trim() && line(`  ${step.title}: ${said}`));
      line(`ok   ${text ?? step.title} (${secondsSince(started)})`);
    } catch (error) {
      line(`FAIL ${step.title} (${secondsSince(started)}): ${getErrorMessage(error).split('\n')[0]}`);
      throw error;
    }
  };
  return {
    line,
    steps: async (steps, { concurrent = false } = {}) => {
      if (concurrent) return settleAll(steps.map(runStep));
      for (const step of steps) await runStep(step);
    },
  };
}

function liveProgress(out: NodeJS.WriteStream): Progress {
  return {
    line: (text) => out.write(`${text}\n`),
    steps: async (steps, { concurrent = false } = {}) => {
      const tasks = steps.map((step) => ({
        title: step.title,
        task: async (_: unknown, task: { title: string; output: string }) => {
          await step.after;
          const started = performance.now();
          const text = await step.run((said) => (task.output = toPlainLine(said)));
          task.title = toPlainLine(`${text ?? step.title} (${secondsSince(started)})`);
        },
      }));
      // The list's own signal handler ends the process at once; whoever shows progress here has something to stop first.
      const options = {
        concurrent,
        registerSignalListeners: false,
        rendererOptions: { collapseErrors: false },
      };
      await new Listr(tasks, options).run();
    },
  };
}

/** Waits for all of them, so that nothing is left running behind an error, then throws the first one. */
async function settleAll(running: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(running)).find((result) => result.status === 'rejected');
  if (failed)
    throw failed.reason instanceof Error ? failed.reason : new Error(getErrorMessage(failed.reason));
}

function secondsSince(started: number): string {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}
