import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { renderErrors } from './renderErrors';

const target = path.join(__dirname, '../../docs/errors.md');

/** `npm run docs:errors`: writes docs/errors.md from the catalogue, and says whether it changed. */
async function main(): Promise<void> {
  const text = await format(renderErrors(), { ...(await resolveConfig(target)), filepath: target });
  const before = await readFile(target, 'utf8').catch(() => '');
  if (before !== text) await writeFile(target, text);
  process.stdout.write(`docs/errors.md: ${before === text ? 'up to date' : 'written'}\n`);
}

void main();
