import { createLimit, type Limit } from '../../../platform/limit';
import type { AskChecker } from './checks';
import type { Checker } from './process';
import { keepReserve } from './reserve';

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
  /** Prepares a process in reserve, which nobody waits for yet. */
  warmUp?: (checker: Checker) => Promise<void>;
}

/** The five scanners of a release follow its verification within moments, and find its process still there. */
const IDLE_MS = 5_000;
/** Processes that may wait like that; each holds some 70 MB. */
const IDLE_KEPT = 2;
/** In reserve: packages often come in twos, and the second one waited longest. Each holds some 70 MB. */
const RESERVED = 2;

interface Session {
  file: string;
  inTurn: Limit;
  users: number;
  checker?: Checker | undefined;
  idle?: NodeJS.Timeout;
}

/** A pool with processes in reserve, so that a check need not wait for a start. */
export function createCheckerPool({ start, atOnce, warmUp }: PoolOptions): CheckerPool {
  const places = createLimit(atOnce);
  const sessions = new Map<string, Session>();
  const reserve = keepReserve(prepared(start, warmUp), start, Math.min(RESERVED, atOnce));

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

/** Starts a process and prepares it; one that cannot be prepared is ended. */
const prepared =
  (start: PoolOptions['start'], warmUp: PoolOptions['warmUp']) => async (): Promise<Checker> => {
    const checker = await start();
    try {
      await warmUp?.(checker);
      return checker;
    } catch (error) {
      checker.end();
      throw error;
    }
  };
