import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { run } from '../../platform/processes/run';
import { withThrowawayPostgres } from '../postgres/throwaway';
import { readSchema } from './readSchema';
import { renderSchema } from './renderSchema';
import { schemaDomains } from './schemaDomains';

const target = path.join(__dirname, '../../docs/schema.md');
const migrate = path.join(__dirname, '../../adapters/db/migrateMain.ts');

/** `npm run docs:schema`: writes docs/schema.md from a database that the migrations have made, and says whether it changed. */
async function main(): Promise<void> {
  const tables = await withThrowawayPostgres(async (url) => {
    const loader = pathToFileURL(createRequire(__filename).resolve('tsx')).href;
    await run(process.execPath, ['--import', loader, migrate], {
      env: { ...process.env, DATABASE_URL: url },
    });
    return readSchema(url);
  });
  const config = { ...(await resolveConfig(target)), filepath: target };
  const text = await format(renderSchema(tables, schemaDomains), config);
  const before = await readFile(target, 'utf8').catch(() => '');
  if (before !== text) await writeFile(target, text);
  process.stdout.write(`docs/schema.md: ${before === text ? 'up to date' : 'written'}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
