import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { limitRows } from '../../core/limits';

const target = path.join(__dirname, '../../docs/limits.md');

/** `npm run docs:limits`: writes the table of sizes in docs/limits.md from core/limits.ts. */
async function main(): Promise<void> {
  const before = await readFile(target, 'utf8');
  const rows = limitRows.map(({ limit, of }) => `| ${limit.toLocaleString('en-US')} | ${of} |`);
  const table = ['| at most | of what |', '| --- | --- |', ...rows, ''].join('\n');
  const written = before.replace(/\| at most +\| of what +\|\n(\|.*\n)+/, table);
  await writeFile(target, await format(written, { ...(await resolveConfig(target)), filepath: target }));
}

void main();
