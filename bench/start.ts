import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildAll } from '../infra/build/build';
import { silentProgress } from '../infra/terminal/progress';
import { parseStackConfig } from '../infra/stack/config';
import { startStack, type Stack } from '../infra/stack/startStack';
import type { Row } from './result';
import { median } from './statistics';

const RUNS = 3;

/** Starting a stack whose state is there, as `npm start` does the second time, by component. */
export async function benchStart(): Promise<Row[]> {
  const state = mkdtempSync(path.join(os.tmpdir(), 'bench-start-'));
  const { PATH, HOME } = process.env;
  const config = parseStackConfig({ state }, { PATH, HOME, LOG_LEVEL: 'warn' });
  const start = (): Promise<Stack> =>
    startStack({ config, progress: silentProgress, announce: () => undefined });
  try {
    await buildAll(silentProgress);
    await (await start()).stop();
    const warm: Stack['timings'][] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const stack = await start();
      warm.push(stack.timings);
      await stack.stop();
    }
    return rowsOf(warm);
  } finally {
    rmSync(state, { recursive: true, force: true, maxRetries: 10 });
  }
}

function rowsOf(warm: readonly Stack['timings'][]): Row[] {
  const row = (what: string, value: number): Row => ({
    ...{ what, measured: `${value.toFixed(2)} s`, baseline: '', value, bound: null },
  });
  const names = Object.keys(warm[0]?.components ?? {});
  return [
    row('warm stack, all of it', median(warm.map(({ totalSeconds }) => totalSeconds))),
    ...names.map((name) => row(name, median(warm.map(({ components }) => components[name] ?? NaN)))),
  ];
}
