import { findSchemaBreaks, type Schema } from './schemaBreaks';

interface Content {
  content?: Record<string, { schema?: Schema }>;
}

interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  schema?: Schema;
}

interface Operation {
  security?: unknown[];
  parameters?: Parameter[];
  requestBody?: Content & { required?: boolean };
  responses?: Record<string, Content>;
}

/** The part of an OpenAPI document that callers depend on. */
export interface ApiDocument {
  paths?: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, Schema> };
}

/**
 * What of a new document breaks callers of the old one: removed paths, methods, replies and fields, requests
 * that are newly demanding, and answers that hold other than before. Empty when every old caller goes on.
 */
export function findApiBreaks(before: ApiDocument, after: ApiDocument): string[] {
  const [old, now] = [resolve(before), resolve(after)];
  return Object.entries(old.paths ?? {}).flatMap(([path, methods]) => {
    const kept = now.paths?.[path];
    if (!kept) return [`${path}: path removed`];
    return Object.entries(methods).flatMap(([method, operation]) => {
      const at = `${method.toUpperCase()} ${path}`;
      const next = kept[method];
      return next ? findOperationBreaks(operation, next, at) : [`${at}: method removed`];
    });
  });
}

const findOperationBreaks = (before: Operation, after: Operation, at: string): string[] => [
  ...(!before.security?.length && after.security?.length ? [`${at}: token newly required`] : []),
  ...findParameterBreaks(before.parameters ?? [], after.parameters ?? [], at),
  ...findBodyBreaks(before, after, at),
  ...findReplyBreaks(before, after, at),
];

function findParameterBreaks(before: Parameter[], after: Parameter[], at: string): string[] {
  const toName = (each: Parameter) => `${each.in} parameter ${each.name}`;
  const byName = new Map(after.map((each) => [toName(each), each]));
  const removedOrChanged = before.flatMap((each) => {
    const place = `${at} ${toName(each)}`;
    const kept = byName.get(toName(each));
    if (!kept) return [`${place}: removed`];
    return [
      ...(kept.required && !each.required ? [`${place}: newly required`] : []),
      ...findSchemaBreaks(each.schema ?? {}, kept.schema ?? {}, 'request', place),
    ];
  });
  const known = new Set(before.map(toName));
  const demanded = after.filter((each) => each.required && !known.has(toName(each)));
  return [...removedOrChanged, ...demanded.map((each) => `${at} ${toName(each)}: newly required`)];
}

function findBodyBreaks(before: Operation, after: Operation, at: string): string[] {
  const place = `${at} body`;
  const [old, now] = [before.requestBody, after.requestBody];
  if (now?.required && !old?.required) return [`${place}: newly required`];
  if (old && !now) return [`${place}: removed`];
  return findContentBreaks(old ?? {}, now ?? {}, 'request', place);
}

const findReplyBreaks = (before: Operation, after: Operation, at: string): string[] =>
  Object.entries(before.responses ?? {}).flatMap(([status, reply]) => {
    const kept = after.responses?.[status];
    if (!kept) return [`${at} ${status}: reply removed`];
    return findContentBreaks(reply, kept, 'response', `${at} ${status}`);
  });

const findContentBreaks = (
  before: Content,
  after: Content,
  direction: 'request' | 'response',
  at: string,
): string[] =>
  Object.entries(before.content ?? {}).flatMap(([type, { schema }]) => {
    const kept = after.content?.[type];
    if (!kept) return [`${at}: ${type} removed`];
    return findSchemaBreaks(schema ?? {}, kept.schema ?? {}, direction, at);
  });

/** The document with every `$ref` to a component replaced by what it names; components hold no circles. */
function resolve(document: ApiDocument): ApiDocument {
  const schemas = document.components?.schemas ?? {};
  return JSON.parse(
    JSON.stringify(document, (_key, value: unknown) => {
      const name = (value as Schema | null)?.$ref?.replace('#/components/schemas/', '');
      return name === undefined ? value : (schemas[name] ?? value);
    }),
  ) as ApiDocument;
}
