import { Listr } from 'listr2';
import type { Terminal } from './terminal';

/** What a stage is doing now: a share between 0 and 1, or words. */
export type Say = (now: string | number) => void;

/** The result of a stage, and the words that stay when it is done. */
export interface StageEnd<T> {
  value: T;
  text: string;
}

export interface StageTiming {
  stage: string;
  ms: number;
}

/** Runs the stages of a command one after the other and shows how they go. */
export interface Stages {
  run<T>(name: string, work: (say: Say) => Promise<StageEnd<T>>): Promise<T>;
  /** The stages so far with their durations in milliseconds. */
  readonly timings: readonly StageTiming[];
}

/** Live lines where a person watches, else one plain line a stage and one for each quarter of its way. */
export function createStages(terminal: Terminal, count: number): Stages {
  const timings: StageTiming[] = [];
  return {
    timings,
    async run(name, work) {
      const started = performance.now();
      const place = `[${timings.length + 1}/${count}]`;
      const finish = (text: string): string => {
        const ms = Math.round(performance.now() - started);
        timings.push({ stage: name, ms });
        const time = terminal.verbose ? terminal.paint('dim', ` (${ms} ms)`) : '';
        return `${place} ${name.padEnd(9)}${text}${time}`;
      };
      return terminal.live
        ? await runLive(terminal, `${place} ${name}`, work, finish)
        : await runPlain(terminal, `${place} ${name.padEnd(9)}`, work, finish);
    },
  };
}

type Work<T> = (say: Say) => Promise<StageEnd<T>>;

async function runPlain<T>(
  terminal: Terminal,
  title: string,
  work: Work<T>,
  finish: (text: string) => string,
): Promise<T> {
  const started = performance.now();
  // What is quick needs no progress in a log.
  const isSlow = (): boolean => performance.now() - started > 1000;
  const say = throttled(4, (text) => isSlow() && terminal.line(`${title}${text}`));
  const { value, text } = await work(say);
  terminal.line(finish(text));
  return value;
}

async function runLive<T>(
  terminal: Terminal,
  title: string,
  work: Work<T>,
  finish: (text: string) => string,
): Promise<T> {
  const ended: { value?: T } = {};
  const task = {
    title,
    task: async (_: unknown, self: { title: string; output: string }): Promise<void> => {
      const { value, text } = await work(
        throttled(100, (now) => (self.title = terminal.show(`${title}  ${now}`))),
      );
      ended.value = value;
      self.title = terminal.show(finish(text));
    },
  };
  await new Listr([task], { rendererOptions: { showErrorMessage: false } }).run();
  return ended.value as T;
}

/** Turns shares into percent and passes on only every `steps`-th part of the way. */
function throttled(steps: number, show: (text: string) => unknown): Say {
  let last = 0;
  return (now) => {
    if (typeof now === 'string') return void show(now);
    const step = Math.floor(Math.min(1, Math.max(0, now)) * steps);
    if (step <= last) return;
    last = step;
    show(`${Math.floor((step / steps) * 100)} %`);
  };
}
