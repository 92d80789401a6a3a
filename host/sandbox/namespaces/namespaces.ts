import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { SandboxFailure, type Sandbox, type SandboxOutcome, type SandboxRun } from '../sandbox';
import { supervise } from '../supervise';
import { measureFolder } from '../usage';
import { buildArguments, hidingPlaces, SECCOMP_FD, smallFiles, STATUS_FD, type Machine } from './arguments';

/**
 * The strong driver, by bubblewrap: user, process, mount, network, IPC and UTS namespaces of its own, a
 * filter of system calls, no privileges and no way to new ones. The same for root and for an ordinary user:
 * whoever starts it has no rights of its own inside.
 */
export function namespacesSandbox(machine: Machine): Sandbox {
  const hidden = hidingPlaces.filter((place) => existsSync(place));
  return {
    driver: 'namespaces',
    strength: 'strong',
    run: async (run) => {
      const before = run.data.isKept ? await measureFolder(run.data.folder) : EMPTY;
      const child = spawn(machine.bwrap, buildArguments(machine, run, hidden), {
        detached: true,
        stdio: ['ignore', ...Array<'pipe'>(4 + smallFiles.length).fill('pipe')],
        env: {},
      });
      send(child, SECCOMP_FD, machine.seccompFilter);
      for (const [descriptor, text] of smallFiles) send(child, descriptor, text);
      const status = readStatus(child);
      const program = (): Promise<number | undefined> => findProgram(status);
      const outcome = await supervise({
        child,
        run,
        program,
        measured: { before, locate: locate(run, program) },
      });
      return interpret(outcome, status);
    },
  };
}

const EMPTY = { bytes: 0, files: 0 };

/** Data that are thrown away are seen in the file system of the program alone. */
const locate =
  ({ data }: SandboxRun, program: () => Promise<number | undefined>) =>
  async (): Promise<string | undefined> => {
    if (data.isKept) return data.folder;
    const pid = await program();
    return pid === undefined ? undefined : `/proc/${pid}/root${data.folder}`;
  };

function send(child: ChildProcess, descriptor: number, content: Buffer | string): void {
  const pipe = child.stdio[descriptor] as Writable | null;
  // One that ends before it reads says so by its exit status.
  pipe?.on('error', () => undefined);
  pipe?.end(content);
}

/** What bubblewrap tells: the id of the first process inside, as it is outside, and how the program ended. */
interface Status {
  first?: number | undefined;
  exitCode?: number | undefined;
}

function readStatus(child: ChildProcess): Status {
  const status: Status = {};
  let text = '';
  (child.stdio[STATUS_FD] as Readable | null)?.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
    status.first ??= readNumber(text, 'child-pid');
    status.exitCode ??= readNumber(text, 'exit-code');
  });
  return status;
}

function readNumber(text: string, name: string): number | undefined {
  const found = new RegExp(`"${name}":\\s*(\\d+)`).exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** The program is the only child of the first process inside. */
async function findProgram({ first }: Status): Promise<number | undefined> {
  if (first === undefined) return undefined;
  const children = await readFile(`/proc/${first}/task/${first}/children`, 'utf8').catch(() => '');
  return Number(children.trim().split(' ')[0]) || undefined;
}

/** A status above this is a signal's number added to it. */
const BY_SIGNAL = 128;
/** The first of several names of a number is the usual one. */
const signalNames = new Map(
  Object.entries(constants.signals)
    .reverse()
    .map(([name, number]) => [number, name]),
);

/** @throws SandboxFailure when there was no program yet, or bubblewrap was ended by somebody else */
function interpret(outcome: SandboxOutcome, { first, exitCode }: Status): SandboxOutcome {
  if (outcome.endedBy) return { ...outcome, code: null, signal: 'SIGKILL' };
  if (first === undefined || exitCode === undefined) {
    const what = first === undefined ? 'could not be set up' : 'broke down';
    throw new SandboxFailure(`The sandbox ${what} (${outcome.output.slice(0, 500)}).`, first !== undefined);
  }
  const signal = signalNames.get(exitCode - BY_SIGNAL) ?? null;
  if (!signal) return { ...outcome, code: exitCode, signal: null };
  return { ...outcome, code: null, signal, endedBy: findCause(signal, outcome.output) };
}

/** The kernel ends a program by signal when its processor time is over, and Node itself when memory is. */
function findCause(signal: string, output: string): SandboxOutcome['endedBy'] {
  if (signal === 'SIGXCPU') return 'cpu';
  if (signal === 'SIGXFSZ') return 'disk';
  const isAbort = signal === 'SIGABRT' || signal === 'SIGTRAP';
  return isAbort && /out of memory|bad_alloc|allocation failed/i.test(output) ? 'memory' : null;
}
