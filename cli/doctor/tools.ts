import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { longText, urlText } from '../../contracts/bounds';
import { missing, present, type Finding } from './finding';

const rowsSchema = z
  .array(
    z.object({
      name: longText,
      title: longText,
      version: longText.optional(),
      origin: longText.optional(),
      path: urlText.optional(),
      nextStep: longText.optional(),
    }),
  )
  .max(100);

/** Server tools of stack and tests, as a checkout's own command tells them; none outside a checkout. */
export async function checkTools(checkout: string): Promise<Finding[]> {
  if (!existsSync(path.join(checkout, 'infra', 'tools', 'main.ts'))) return [];
  const rows = await listTools(checkout);
  if (!rows) {
    return [missing('server tools', checkout, 'Run npm ci, then npm run tools -- --check.')];
  }
  return rows.map((row) =>
    row.path === undefined
      ? missing(row.title, 'not installed', row.nextStep ?? `Run npm run tools -- ${row.name}`)
      : present(row.title, row.origin ?? row.path, { version: row.version }),
  );
}

/** Its exit status only says whether all are there, so the text counts whatever it is. */
function listTools(checkout: string): Promise<z.output<typeof rowsSchema> | undefined> {
  const args = ['run', '--silent', 'tools', '--', '--check', '--json'];
  return new Promise((resolve) => {
    execFile('npm', args, { cwd: checkout, timeout: 60_000 }, (_error, stdout) => {
      try {
        resolve(rowsSchema.safeParse(JSON.parse(stdout)).data);
      } catch {
        resolve(undefined);
      }
    });
  });
}
