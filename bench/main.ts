import os from 'node:os';
import { benchChecks } from './checks';
import { benchPack } from './pack';
import { benchPublish } from './publish';
import { isKept, tableOf, writeResult, type Row } from './result';
import { benchStart } from './start';
import { benchUpload } from './upload';

const benches: Record<string, () => Promise<Row[]> | Row[]> = {
  publish: benchPublish,
  checks: benchChecks,
  pack: packRows,
  upload: benchUpload,
  start: benchStart,
};

function packRows(): Row[] {
  return benchPack(os.tmpdir()).flatMap(({ shape, packSeconds, zipSeconds, timeRatio, peakRssBytes }) => {
    const what = `packing 320 MiB in ${shape === 'one' ? 'one file' : '8,800 files'}`;
    const peak = peakRssBytes / 1e6;
    const [measured, against] = [`${packSeconds.toFixed(1)} s`, `${zipSeconds.toFixed(1)} s (zip -6)`];
    return [
      { what, measured, baseline: against, value: timeRatio, bound: 1 },
      {
        what: `${what}: peak memory, MB`,
        measured: `${peak.toFixed(0)} MB`,
        baseline: '',
        value: peak,
        bound: 200,
      },
    ];
  });
}

/** `npm run bench [names…]`: measures, prints a table each, and ends with status 1 where a bound is missed. */
async function main(): Promise<void> {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((name) => !(name in benches));
  if (unknown.length > 0)
    throw new Error(`no such benchmark: ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}`);
  for (const [name, bench] of Object.entries(benches)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    const rows = await bench();
    writeResult(name, rows);
    process.stdout.write(`${name}\n${tableOf(rows)}\n`);
    if (!rows.every(isKept)) process.exitCode = 1;
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
