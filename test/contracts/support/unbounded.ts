import type { z } from 'zod';

/** Formats of one length, or of a short longest one. */
const SHORT_FORMATS = new Set(['uuid', 'guid', 'date', 'ipv4', 'mac', 'ulid']);

type Schema = z.core.$ZodType;

/** The definitions of the installed zod, as far as they are walked. */
interface Definition {
  type: string;
  format?: string;
  checks?: { _zod: { def: { check: string; value?: unknown } } }[];
  shape?: Record<string, Schema>;
  catchall?: Schema;
  element?: Schema;
  keyType?: Schema;
  valueType?: Schema;
  innerType?: Schema;
  options?: Schema[];
  items?: Schema[];
  rest?: Schema | null;
  left?: Schema;
  right?: Schema;
  in?: Schema;
  out?: Schema;
  getter?: () => Schema;
}

const definitionOf = (schema: Schema): Definition => schema._zod.def as unknown as Definition;

/** The paths, from `at` on, of every text, list, number and record without bounds. */
export function findUnbounded(schema: Schema, at: string, seen = new Set<Schema>()): string[] {
  if (seen.has(schema)) return [];
  seen.add(schema);
  const fault = findFault(schema);
  const below = membersOf(definitionOf(schema)).flatMap(([name, member]) =>
    findUnbounded(member, `${at}${name}`, seen),
  );
  return fault ? [`${at}: ${fault}`, ...below] : below;
}

const LENGTH = ['max_length', 'length_equals'];
const SIZE = ['max_size', 'size_equals'];

/** What each type must be checked by: one of each list. */
const required: Record<string, { checks: string[][]; fault: string }> = {
  string: { checks: [LENGTH], fault: 'text of any length' },
  array: { checks: [LENGTH], fault: 'list of any length' },
  number: { checks: [['less_than'], ['greater_than']], fault: 'number of any size' },
  bigint: { checks: [['less_than'], ['greater_than']], fault: 'number of any size' },
  set: { checks: [SIZE], fault: 'any number of members' },
  map: { checks: [SIZE], fault: 'any number of members' },
};

function findFault(schema: Schema): string | undefined {
  const { type, format, checks = [] } = definitionOf(schema);
  if (type === 'any') return 'anything';
  if (type === 'record') return hasKeysLimit(schema) ? undefined : 'any number of keys';
  const rule = required[type];
  if (!rule || SHORT_FORMATS.has(format ?? '')) return undefined;
  const present = checks.map((each) => each._zod.def.check);
  return rule.checks.every((names) => names.some((name) => present.includes(name))) ? undefined : rule.fault;
}

/** Whether it was made by `recordOf`, whose own test proves that it refuses more keys. */
const hasKeysLimit = (schema: Schema): boolean =>
  typeof (schema as z.ZodRecord).meta()?.maxProperties === 'number';

function membersOf(def: Definition): [string, Schema][] {
  const named: [string, Schema | null | undefined][] = [
    ...Object.entries(def.shape ?? {}).map(([key, member]): [string, Schema] => [`.${key}`, member]),
    ['.*', def.catchall],
    ['[]', def.element],
    ['.key', def.keyType],
    ['.*', def.valueType],
    ['', def.innerType],
    ...(def.options ?? []).map((each, index): [string, Schema] => [`|${index + 1}`, each]),
    ...(def.items ?? []).map((each, index): [string, Schema] => [`[${index}]`, each]),
    ['[]', def.rest],
    ['', def.left],
    ['', def.right],
    ['', def.in],
    ['', def.out],
    ['', def.getter?.()],
  ];
  return named.filter((each): each is [string, Schema] => Boolean(each[1]));
}
