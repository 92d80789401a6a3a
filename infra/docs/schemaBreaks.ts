/** The part of JSON Schema that the OpenAPI document uses. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: boolean | Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  pattern?: string;
  [keyword: string]: unknown;
}

/** Who is bound by a schema: what callers may send, or what they may rely on in an answer. */
export type Direction = 'request' | 'response';

/** Keywords whose value may only shrink, or only grow, without refusing what was taken before. */
const lowerBounds = ['minimum', 'minLength', 'minItems'];
const upperBounds = ['maximum', 'maxLength', 'maxItems'];

/** What of a schema breaks its callers, as sentences that begin with the place. */
export function findSchemaBreaks(before: Schema, after: Schema, direction: Direction, at: string): string[] {
  return [
    ...findTypeBreaks(before, after, direction, at),
    ...findFieldBreaks(before, after, direction, at),
    ...(direction === 'request' ? findLimitBreaks(before, after, at) : []),
    ...(before.items && after.items ? findSchemaBreaks(before.items, after.items, direction, `${at}[]`) : []),
    ...findValueBreaks(before, after, direction, at),
    ...findAlternativeBreaks(before, after, direction, at),
  ];
}

/** A request must go on taking every type; an answer may not begin to have others. */
function findTypeBreaks(before: Schema, after: Schema, direction: Direction, at: string): string[] {
  const [old, now] = [toTypes(before), toTypes(after)];
  if (old.length === 0 || now.length === 0) return old.length === now.length ? [] : [`${at}: type changed`];
  const [offered, allowed] = direction === 'request' ? [old, now] : [now, old];
  const isCovered = (type: string) =>
    allowed.includes(type) || (type === 'integer' && allowed.includes('number'));
  return offered.every(isCovered) ? [] : [`${at}: type changed from ${old.join('|')} to ${now.join('|')}`];
}

const toTypes = ({ type }: Schema): string[] => (type === undefined ? [] : [type].flat());

function findFieldBreaks(before: Schema, after: Schema, direction: Direction, at: string): string[] {
  const [old, now] = [before.properties ?? {}, after.properties ?? {}];
  const [wasRequired, isRequired] = [new Set(before.required), new Set(after.required)];
  const breaks: string[] = [];
  for (const [name, schema] of Object.entries(old)) {
    const field = `${at}.${name}`;
    const kept = now[name];
    if (!kept) breaks.push(`${field}: field removed`);
    else breaks.push(...findSchemaBreaks(schema, kept, direction, field));
    if (kept && direction === 'response' && wasRequired.has(name) && !isRequired.has(name))
      breaks.push(`${field}: field may be absent now`);
  }
  const demanded = [...isRequired].filter((name) => direction === 'request' && !wasRequired.has(name));
  return [...breaks, ...demanded.map((name) => `${at}.${name}: field newly required`)];
}

/** Limits of what is taken, closed lists of values included. */
function findLimitBreaks(before: Schema, after: Schema, at: string): string[] {
  const changed = (keywords: string[], isNarrower: (old: number, now: number) => boolean, none: number) =>
    keywords.filter((name) => isNarrower(Number(before[name] ?? none), Number(after[name] ?? none)));
  const narrowed = [
    ...changed(lowerBounds, (old, now) => now > old, -Infinity),
    ...changed(upperBounds, (old, now) => now < old, Infinity),
  ].map((name) => `${at}: ${name} narrowed`);
  const hasOtherPattern = after.pattern !== undefined && after.pattern !== before.pattern;
  const gone = after.enum ? (before.enum ?? ['any other value']).filter((v) => !after.enum?.includes(v)) : [];
  return [
    ...narrowed,
    ...(hasOtherPattern ? [`${at}: pattern changed`] : []),
    ...gone.map((value) => `${at}: value ${String(value)} no longer taken`),
  ];
}

/** Fields of any name (`additionalProperties`). */
function findValueBreaks(before: Schema, after: Schema, direction: Direction, at: string): string[] {
  const [old, now] = [before.additionalProperties, after.additionalProperties];
  if (direction === 'request' && now === false && old !== false)
    return [`${at}: other fields no longer taken`];
  if (typeof old !== 'object' || typeof now !== 'object') return [];
  return findSchemaBreaks(old, now, direction, `${at}.*`);
}

/** Alternatives are compared in their order. */
function findAlternativeBreaks(before: Schema, after: Schema, direction: Direction, at: string): string[] {
  const [old, now] = [before.anyOf ?? before.oneOf ?? [], after.anyOf ?? after.oneOf ?? []];
  const isFewer = direction === 'request' && now.length < old.length;
  const isMore = direction === 'response' && now.length > old.length;
  const breaks = isFewer || isMore ? [`${at}: alternatives changed`] : [];
  old.forEach((schema, index) => {
    const kept = now[index];
    if (kept) breaks.push(...findSchemaBreaks(schema, kept, direction, `${at}(${index + 1})`));
  });
  return breaks;
}
