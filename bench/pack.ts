import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { makeBundle, type Shape } from './packBundle';

/** What packing cost against `zip -6` on the same files, in the same run. */
export interface PackMeasurement {
  shape: Shape;
  /** Medians over the runs. */
  packSeconds: number;
  zipSeconds: number;
  /** Median of the ratios of neighbouring runs: what load the machine has weighs on both alike. */
  timeRatio: number;
  sizeRatio: number;
  peakRssBytes: number;
}

/**
 * Packs 320 MiB as one file and as 8,800 files, each time next to `zip -6 -r`, each in a process of its
 * own. Packing includes digests, signature, fsync and the plan of the upload; zip does none of these.
 *
 * @param folder where a scratch folder may be made; it is removed again
 */
export function benchPack(folder: string, runs = 5): PackMeasurement[] {
  const scratch = mkdtempSync(path.join(folder, 'bench-pack-'));
  try {
    const child = buildChild(scratch);
    return (['one', 'many'] as const).map((shape) => measure(shape, makeBundle(scratch, shape), child, runs));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The child as the product is delivered: bundled, its dependencies beside it. */
function buildChild(scratch: string): string {
  const outfile = path.join(scratch, 'packChild.cjs');
  const entryPoints = [path.join(__dirname, 'packChild.ts')];
  buildSync({
    entryPoints,
    outfile,
    bundle: true,
    platform: 'node',
    packages: 'external',
    logLevel: 'error',
  });
  return outfile;
}

function measure(shape: Shape, root: string, child: string, runs: number): PackMeasurement {
  const zipPath = `${root}.zip`;
  const packagePath = `${root}.pxp`;
  const modules = path.join(__dirname, '..', 'node_modules');
  const results = Array.from({ length: runs }, () => {
    rmSync(zipPath, { force: true });
    const zipped = timed(() => execFileSync('zip', ['-6', '-q', '-r', zipPath, '.'], { cwd: root }));
    const packed = timed(() =>
      execFileSync(process.execPath, [child, root, packagePath], {
        env: { ...process.env, NODE_PATH: modules },
      }),
    );
    const told = JSON.parse(packed.output.toString()) as { bytes: number; peakRssBytes: number };
    return { zip: zipped.seconds, pack: packed.seconds, ...told };
  });
  return {
    shape,
    packSeconds: median(results.map((each) => each.pack)),
    zipSeconds: median(results.map((each) => each.zip)),
    timeRatio: median(results.map((each) => each.pack / each.zip)),
    sizeRatio: (results[0]?.bytes ?? NaN) / statSync(zipPath).size,
    peakRssBytes: Math.max(...results.map((each) => each.peakRssBytes)),
  };
}

function timed(run: () => Buffer): { seconds: number; output: Buffer } {
  const start = performance.now();
  const output = run();
  return { seconds: (performance.now() - start) / 1000, output };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
