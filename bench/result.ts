import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Table from 'cli-table3';

/** One line of a benchmark: what was measured, what against, and the bound that it must keep. */
export interface Row {
  what: string;
  measured: string;
  baseline: string;
  /** Measured through baseline, or a number that has a bound of its own. */
  value: number;
  bound: number | null;
}

export const isKept = ({ value, bound }: Row): boolean => bound === null || value <= bound;

const resultsFolder = path.join(__dirname, 'results');

/** Keeps a benchmark's rows with the machine that they are of. */
export function writeResult(name: string, rows: readonly Row[]): void {
  mkdirSync(resultsFolder, { recursive: true });
  const machine = {
    cores: os.cpus().length,
    model: os.cpus()[0]?.model,
    memoryBytes: os.totalmem(),
    // What else the machine did: ratios of a busy machine are less certain.
    load: os.loadavg()[0],
    node: process.version,
  };
  const text = JSON.stringify({ name, at: new Date().toISOString(), machine, rows }, null, 2);
  writeFileSync(path.join(resultsFolder, `${name}.json`), `${text}\n`);
}

export function tableOf(rows: readonly Row[]): string {
  const table = new Table({
    head: ['what', 'measured', 'against', 'value', 'bound', ''],
    style: { head: [], border: [] },
  });
  for (const row of rows) {
    const bound = row.bound === null ? '' : `≤ ${row.bound}`;
    table.push([
      ...[row.what, row.measured, row.baseline, row.value.toFixed(2), bound],
      row.bound === null ? '' : isKept(row) ? 'kept' : 'MISSED',
    ]);
  }
  return table.toString();
}
