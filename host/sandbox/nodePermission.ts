import { spawn } from 'node:child_process';
import path from 'node:path';
import type { Sandbox } from './sandbox';
import { supervise } from './supervise';
import { measureFolder } from './usage';

// A host that is killed takes its check along: the pipe on the child's standard input closes.
const GUARD =
  'process.stdin.on("end",()=>process.exit(70)).on("error",()=>process.exit(70)).resume();process.stdin.unref()';

/**
 * The driver for machines that have nothing better: a child process in a group of its own under the
 * options that its caller gives to Node. It isolates neither network nor signals.
 */
export const nodePermissionSandbox: Sandbox = {
  driver: 'node-permission',
  strength: 'weak',
  async run(run) {
    const locate = () => Promise.resolve(run.data.folder);
    const measured = { locate, before: await measureFolder(run.data.folder) };
    const guard = ['--import', `data:text/javascript,${encodeURIComponent(GUARD)}`];
    const args = [...(run.nodeOptions ?? []), ...guard, path.join(run.folder, run.script)];
    const child = spawn(process.execPath, args, {
      cwd: run.folder,
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: run.environment,
    });
    return await supervise({ child, run, program: () => Promise.resolve(child.pid), measured });
  },
};
