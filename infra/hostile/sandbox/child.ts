import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { getErrorMessage } from '../../../core/errors/thrown';
import type { Limits } from '../../../host/sandbox/sandbox';
import { openDriver, type RunProbe } from './drivers';
import { judge, type Verdict } from './judge';
import { buildScript, type Probe } from './probe';
import { fileProbes, linkProbes } from './probes/files';
import { diskProbes, memoryProbes, outputProbes, timeProbes } from './probes/limits';
import { kernelProbes } from './probes/kernel';
import { inheritanceProbes, networkProbes } from './probes/network';
import { procProbes } from './probes/proc';
import { programProbes, signalProbes } from './probes/processes';
import { createScene, SECRET_VARIABLE, type Scene } from './surroundings';

const groups: Readonly<Record<string, readonly Probe[]>> = {
  files: fileProbes,
  links: linkProbes,
  proc: procProbes,
  signals: signalProbes,
  network: networkProbes,
  inheritance: inheritanceProbes,
  programs: programProbes,
  kernel: kernelProbes,
  memory: memoryProbes,
  disk: diskProbes,
  time: timeProbes,
  output: outputProbes,
};

const MIB = 1024 * 1024;
const limits: Limits = {
  wallMs: 20_000,
  cpuSeconds: 20,
  memoryBytes: 512 * MIB,
  processes: 64,
  descriptors: 256,
  diskBytes: 256 * MIB,
  diskFiles: 10_000,
  outputBytes: 16 * MIB,
};

/** Runs in the user that the sandbox is tried as, and prints a row for each probe. */
async function main([driver = 'namespaces', library = '', only]: string[]): Promise<void> {
  const secret = process.env[SECRET_VARIABLE] ?? '';
  const works = await realpath(await mkdtemp(path.join(os.tmpdir(), 'spillway-hostile-')));
  const scene = await createScene(works, secret);
  const print = (...cells: string[]): void => void process.stdout.write(`${cells.join(' | ')}\n`);
  let open = 0;
  let count = 0;
  try {
    const run = await openDriver(driver);
    print('probe', 'expected', 'seen');
    for (const [group, probes] of Object.entries(groups)) {
      for (const probe of probes.filter(({ title }) => !only || `${group}: ${title}`.includes(only))) {
        const { isOpen, seen } = await tryProbe({ probe, run, scene, works, library });
        count += 1;
        if (isOpen) open += 1;
        print(`${group}: ${probe.title}`, probe.expected, `${isOpen ? 'OPEN: ' : ''}${seen}`);
      }
    }
    print(`open ${open} of ${count}`);
    process.exitCode = open === 0 ? 0 : 1;
  } finally {
    await scene.close();
    await rm(works, { recursive: true, force: true });
  }
}

interface Attempt {
  probe: Probe;
  run: RunProbe;
  scene: Scene;
  works: string;
  library: string;
}

async function tryProbe({ probe, run, scene, works, library }: Attempt): Promise<Verdict> {
  await scene.refresh();
  const { around } = scene;
  const home = path.join(works, randomBytes(4).toString('hex'));
  const [plugin, data] = [path.join(home, 'plugin'), path.join(home, 'data')];
  await mkdir(plugin, { recursive: true });
  await mkdir(data);
  await copyFile(library, path.join(plugin, 'syscalls.node'));
  await writeFile(path.join(plugin, 'probe.cjs'), buildScript(probe, around));
  try {
    const [outcome, watched] = await Promise.all([
      run(
        {
          folder: plugin,
          script: 'probe.cjs',
          data: { folder: data, isKept: !probe.isDataThrownAway },
          environment: { PROBE_DATA: data },
          limits: { ...limits, ...probe.limits },
        },
        around,
      ),
      probe.watch?.(around),
    ]);
    const { signals } = scene;
    return await judge(
      probe,
      { plugin, data, around, signals, datagrams: scene.datagrams(), outcome },
      watched,
    );
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

main(process.argv.slice(2))
  .catch((error: unknown) => {
    process.stderr.write(`${getErrorMessage(error)}\n`);
    process.exitCode = 2;
  })
  // Probes may have left sockets half open.
  .finally(() => process.exit());
