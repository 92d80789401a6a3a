import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identifyProcess, isAlive, type ProcessIdentity } from './identity';
import { killGroup } from './killGroup';

export interface Command {
  file: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd?: string;
  uid?: number | undefined;
  gid?: number | undefined;
  logFile: string;
  /** Asks the process to end by itself; a second, harder way follows after the grace time. */
  stopSignal: NodeJS.Signals;
  /** True for programs of ours: they end when their standard input closes, so they never outlive us. */
  endsWithParent: boolean;
}

export interface Child {
  identity: ProcessIdentity;
  /** Settles when the process is gone, with words for how it ended. */
  exited: Promise<string>;
  hasExited(): boolean;
  kill(signal: NodeJS.Signals): void;
  /** Asks it to end, kills its whole group after `graceMs`, and returns when nothing of it is left. */
  stop(graceMs: number): Promise<void>;
}

/**
 * Starts a process in a group of its own (Ctrl-C on our terminal reaches only us) with its output in a log file.
 * A foreign program gets a guard that stops it if this process is killed outright.
 * @throws Error when the program cannot be started
 */
export async function launch(command: Command): Promise<Child> {
  mkdirSync(path.dirname(command.logFile), { recursive: true });
  const log = openSync(command.logFile, 'a', 0o600);
  const { env, cwd, uid, gid } = command;
  const input = command.endsWithParent ? 'pipe' : 'ignore';
  const child = spawn(command.file, command.args, {
    env,
    cwd,
    uid,
    gid,
    detached: true,
    stdio: [input, log, log],
  });
  closeSync(log);
  const exited = waitForExit(child);
  const pid = child.pid;
  if (pid === undefined) throw new Error(await exited);
  // An exit between spawn and this line leaves no identity; an empty start time matches no live process.
  const identity = identifyProcess(pid) ?? { pid, startedAt: '' };
  if (!command.endsWithParent) guard(identity, command.stopSignal, exited);
  return toChild(command, child, identity, exited);
}

function toChild(
  command: Command,
  child: ChildProcess,
  identity: ProcessIdentity,
  exited: Promise<string>,
): Child {
  let gone = false;
  void exited.then(() => (gone = true));
  const hasExited = (): boolean => gone;
  const kill = (signal: NodeJS.Signals): void => void (!gone && child.kill(signal));
  return {
    identity,
    exited,
    hasExited,
    kill,
    stop: async (graceMs) => {
      kill(command.stopSignal);
      const timer = new AbortController();
      await Promise.race([
        exited,
        sleep(graceMs, undefined, { signal: timer.signal }).catch(() => undefined),
      ]);
      timer.abort();
      killGroup(identity.pid);
      await exited;
    },
  };
}

/** Ends a process that an earlier, killed supervisor left behind; its identity was recorded, so no other is hit. */
export async function reap(
  identity: ProcessIdentity,
  stopSignal: NodeJS.Signals,
  graceMs: number,
): Promise<boolean> {
  if (!isAlive(identity)) return false;
  killGroup(identity.pid, stopSignal);
  for (let waited = 0; waited < graceMs && isAlive(identity); waited += 50) await sleep(50);
  if (isAlive(identity)) killGroup(identity.pid);
  return true;
}

function waitForExit(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) =>
      resolve(signal ? `was ended by ${signal}` : `ended with status ${code}`),
    );
    // Our end of the pipe may break first when the child dies.
    child.stdin?.on('error', () => undefined);
  });
}

/**
 * A shell that waits for the end of a pipe which only we hold open: when we are killed, the pipe closes and the
 * shell stops the group. It costs a megabyte and works on every system.
 */
function guard(identity: ProcessIdentity, signal: NodeJS.Signals, exited: Promise<string>): void {
  const script = 'read -r line; kill -s "$1" -- "-$2" 2>/dev/null';
  const args = ['-c', script, 'spillway-guard', signal.slice('SIG'.length), String(identity.pid)];
  const shell = spawn('/bin/sh', args, { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  shell.on('error', () => undefined);
  shell.stdin.on('error', () => undefined);
  shell.unref();
  (shell.stdin as unknown as { unref(): void }).unref();
  void exited.then(() => shell.kill('SIGKILL'));
}
