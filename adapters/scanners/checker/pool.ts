import { createLimit, type Limit } from '../../../platform/limit';
import type { AskChecker } from './checks';
import type { Checker } from './process';

/** Checkers in processes of their own: each serves one package only, and is ended when that is done. */
export interface CheckerPool {
  /** Checks of one file run one after the other in one process, those of others beside them. */
  ask: AskChecker;
  /** Ends all processes. */
  close(): void;
}

export interface PoolOptions {
  start: () => Promise<Checker>;
  /** Packages that are read at once: what they cost in memory is bounded by it. */
  atOnce: number;
  /** Prepares the process in reserve, which nobody waits for yet. */
  warmUp?: (checker: Checker) => Promise<void>;
}

/** The five scanners of a release follow its verification within moments, and find its process still there. */
const IDLE_MS = 5_000;
/** Processes that may wait like that; each holds some 70 MB. */
const IDLE_KEPT = 2;
/** Starting the next one takes as long as a small check; it stays out of the way of the one that was just asked. */
const WARM_AFTER_MS = 2_000;

interface Session {
  file: string;
  inTurn: Limit;
  users: number;
  checker?: Checker | undefined;
  idle?: NodeJS.Timeout;
}

/** A pool with one process in reserve, so that a check need not wait for a start. */
export function createCheckerPool({ start, atOnce, warmUp }: PoolOptions): CheckerPool {
  const places = createLimit(atOnce);
  const sessions = new Map<string, Session>();
  const reserve = keepReserve(start, warmUp);

  async function carryOut(session: Session, job: Parameters<AskChecker>[0], run: Parameters<AskChecker>[1]) {
    run.signal.throwIfAborted();
    if (session.checker?.hasEnded()) session.checker = undefined;
    session.checker ??= await reserve.take();
    try {
      const answer = await session.checker.ask(job, run);
      // What filled it once is still there.
      if (answer.kind === 'exhausted') end(session);
      return answer;
    } catch (error) {
      end(session);
      throw error;
    }
  }

  function open(file: string): Session {
    const session = sessions.get(file) ?? { file, inTurn: createLimit(1), users: 0 };
    sessions.set(file, session);
    clearTimeout(session.idle);
    session.users += 1;
    return session;
  }

  function leave(session: Session): void {
    session.users -= 1;
    if (session.users > 0) return;
    session.idle = setTimeout(() => forget(session), IDLE_MS).unref();
    const idle = [...sessions.values()].filter(({ users }) => users === 0);
    for (const oldest of idle.slice(0, Math.max(0, idle.length - IDLE_KEPT))) forget(oldest);
  }

  function forget(session: Session): void {
    clearTimeout(session.idle);
    sessions.delete(session.file);
    end(session);
  }

  return {
    async ask(job, run) {
      const session = open(job.file.path);
      try {
        return await session.inTurn(() => places(() => carryOut(session, job, run)));
      } finally {
        leave(session);
      }
    },
    close() {
      reserve.close();
      for (const session of sessions.values()) forget(session);
    },
  };
}

function end(session: Session): void {
  session.checker?.end();
  session.checker = undefined;
}

/** Starts the next process ahead of its use. */
function keepReserve(start: PoolOptions['start'], warmUp: PoolOptions['warmUp']) {
  let spare: Promise<Checker> | undefined;
  let warming: NodeJS.Timeout | undefined;
  const warm = (): void => {
    warming = undefined;
    const started = start().then(async (checker) => {
      await warmUp?.(checker).catch((error: unknown) => {
        checker.end();
        throw error;
      });
      return checker;
    });
    started.catch(() => undefined);
    spare = started;
  };
  warming = setTimeout(warm, 0).unref();
  return {
    /** @throws Error when none can be started */
    async take(): Promise<Checker> {
      const taken = spare;
      spare = undefined;
      // Not put off again: where packages follow each other closely, there would never be one in reserve.
      warming ??= setTimeout(warm, WARM_AFTER_MS).unref();
      const checker = await taken?.catch(() => undefined);
      return checker && !checker.hasEnded() ? checker : start();
    },
    close(): void {
      clearTimeout(warming);
      void spare?.then((checker) => checker.end()).catch(() => undefined);
    },
  };
}
