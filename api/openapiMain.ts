import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { describeApi } from './openapi';

const target = path.join(__dirname, '../docs/api/openapi.json');

/** `npm run docs:openapi`: writes docs/api/openapi.json from the routes, and says whether it changed. */
async function main(): Promise<void> {
  const options = { ...(await resolveConfig(target)), filepath: target };
  const text = await format(JSON.stringify(describeApi()), options);
  const before = await readFile(target, 'utf8').catch(() => '');
  if (before !== text) await writeFile(target, text);
  process.stdout.write(`docs/api/openapi.json: ${before === text ? 'up to date' : 'written'}\n`);
}

void main();
