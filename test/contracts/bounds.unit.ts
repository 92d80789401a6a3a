import path from 'node:path';
import { z } from 'zod';
import { count, lineText, moment, recordOf, text } from '../../contracts/bounds';
import { repositoryRoot } from '../../infra/build/build';
import { listFiles } from '../docs/support/pages';
import { findUnbounded } from './support/unbounded';

const folders = ['contracts', 'core', 'platform', 'pxp', 'workflows', 'activities', 'adapters', 'worker'];
const users = ['api', 'sdk', 'cli', 'host', 'infra/stack'];

/** Modules that begin to run when they are imported. */
const STARTS = /(^|\/)(main|\w+Main)\.ts$/;
const WORKFLOWS = /^workflows\/(?!.*messages)/;

interface Made {
  schema: z.core.$ZodType;
  where: string;
}

/** Which line of the product a schema was made on. */
function findMaker(stack: string): string {
  const own = stack
    .split('\n')
    .find((line) => line.includes(repositoryRoot) && !/node_modules|\/test\//.test(line));
  return /\(?([^()\s]+):\d+\)?$/.exec(own ?? '')?.[1]?.replace(`${repositoryRoot}/`, '') ?? '';
}

/** Everything that zod makes an object, a list or a record of while the product's modules are imported. */
async function importAll(): Promise<Made[]> {
  const made: Made[] = [];
  const before = { ...z.config() };
  Object.assign(z.config(), {
    postProcessor(schema: z.core.$ZodType) {
      if (schema._zod.def.type !== 'object') return;
      made.push({ schema, where: findMaker(new Error().stack ?? '') });
    },
  });
  const modules = [...folders, ...users].flatMap((folder) => listFiles(/\.ts$/, folder));
  for (const { name } of modules) {
    if (STARTS.test(name) || WORKFLOWS.test(name)) continue;
    const exported = (await import(path.join(repositoryRoot, name))) as Record<string, unknown>;
    for (const [key, value] of Object.entries(exported)) {
      if (value instanceof z.ZodType) made.push({ schema: value, where: `${name} ${key}` });
    }
  }
  // Some are made where routes are listed.
  const { describeApi } = (await import(path.join(repositoryRoot, 'api/openapi'))) as {
    describeApi: () => void;
  };
  describeApi();
  Object.assign(z.config(), { postProcessor: undefined }, before);
  return made;
}

test('no schema of the product takes a text, a list, a number or a record without bounds', async () => {
  const made = await importAll();
  const places = new Set(made.map(({ where }) => where));
  // Exported ones and those that stay inside their module.
  expect(
    [...places].some((where) => where.startsWith('contracts/releases/publish.ts publishRequestSchema')),
  ).toBe(true);
  expect([...places].some((where) => where.startsWith('api/config.ts:'))).toBe(true);
  const seen = new Set<z.core.$ZodType>();
  expect(made.flatMap(({ schema, where }) => findUnbounded(schema, where, seen))).toEqual([]);
});

test('what has no bounds is found, wherever in a schema it stands', () => {
  const found = findUnbounded(
    z.object({
      free: z.string(),
      url: z.url(),
      at: z.iso.datetime(),
      id: z.uuid(),
      kind: z.enum(['a', 'b']),
      bounded: lineText.optional(),
      list: z.array(z.string().length(3)),
      deep: z.array(z.union([z.literal(1), z.object({ n: z.number().max(3) })])).max(2),
      whole: z.number().int(),
      big: z.bigint(),
      map: z.record(lineText, z.boolean()),
      piped: z.string().transform(Number).pipe(z.number().min(1).max(2)).default(1),
    }),
    'schema',
  );
  expect(found).toEqual([
    'schema.free: text of any length',
    'schema.url: text of any length',
    'schema.at: text of any length',
    'schema.list: list of any length',
    'schema.deep[]|2.n: number of any size',
    'schema.whole: number of any size',
    'schema.big: number of any size',
    'schema.map: any number of keys',
    'schema.piped: text of any length',
  ]);
});

test('a bounded text, moment, count and record take what is at their bounds and refuse what is beyond', () => {
  expect([text(3).safeParse('abc').success, text(3).safeParse('abcd').success]).toEqual([true, false]);
  expect(moment.safeParse('2026-11-28T06:00:00.123456Z').success).toBe(true);
  expect(moment.safeParse(`2026-11-28T06:00:00.${'1'.repeat(40)}Z`).success).toBe(false);
  const numbers = [0, Number.MAX_SAFE_INTEGER, -1, 0.5, 1e300, Infinity];
  expect(numbers.map((each) => count.safeParse(each).success)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
  const two = recordOf(lineText, count, 2);
  expect(two.safeParse({ a: 1, b: 2 }).success).toBe(true);
  expect(two.safeParse({ a: 1, b: 2, c: 3 }).error?.issues[0]?.message).toBe('must have at most 2 keys');
});
