import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { lineText, longText, urlText } from '../../contracts/bounds';
import { limits } from '../../core/limits';
import { catalogue, type ErrorCode } from '../../core/errors/catalogue';
import { rateOf } from './rateLimit';
import type { Route } from './route';

const problemSchema = z
  .object({
    type: urlText,
    title: lineText,
    status: z.number().int().min(400).max(599),
    detail: longText,
    code: lineText,
    next: longText.meta({ description: 'What to do about it' }),
    errors: z
      .array(z.object({ code: lineText, detail: longText, pointer: longText.optional() }))
      .max(limits.details),
    requestId: lineText.optional(),
  })
  .meta({
    id: 'Problem',
    description: 'RFC 9457; `errors` lists everything that is wrong, not the first only.',
  });

/** The OpenAPI document of some routes: made of what checks the requests, so the two cannot differ. */
export function openApiDocument(routes: readonly Route[]) {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' });
  for (const route of routes) registry.registerPath(toOpenApiPath(route));
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Spillway',
      version: '1',
      description: 'Publishes plugins, has them reviewed, and rolls them out to tenants.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
  });
}

function toOpenApiPath(route: Route): Parameters<OpenAPIRegistry['registerPath']>[0] {
  const { params, query, body } = route;
  return {
    method: route.method,
    path: route.path,
    operationId: operationId(route),
    tags: [describeAudience(route)],
    summary: route.summary,
    ...(route.access === 'public' ? {} : { security: [{ token: [] }] }),
    ...(['public', 'token'].includes(route.access) ? {} : { description: `Scope: \`${route.access}\`.` }),
    request: {
      ...(params ? { params } : {}),
      ...(query ? { query } : {}),
      ...(body ? { body: { required: true, content: { 'application/json': { schema: body } } } } : {}),
    },
    responses: { ...describeReplies(route), ...describeRefusals(route) },
  };
}

const audiences: Record<string, string> = {
  'plugin:publish': 'Publishers',
  'release:read': 'Releases',
  'review:read': 'Reviewers',
  'review:decide': 'Reviewers',
  'rollout:steer': 'Operators',
  admin: 'Operators',
  tenant: 'Tenants',
};
const describeAudience = ({ access }: Route): string => audiences[access] ?? 'Everyone';

/** `get /api/marketplace/plugins/{versionId}/upload` as `getMarketplacePluginsByVersionIdUpload`. */
function operationId({ method, path }: Route): string {
  const words = path
    .replace(/^\/api/, '')
    .replaceAll('{', 'by-')
    .split(/[^A-Za-z0-9]+/);
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function describeReplies({ replies }: Route) {
  const entries = Object.entries(replies).map(([status, { description, schema, contentType }]) => {
    const types = ['application/json', ...(contentType ? [contentType] : [])];
    const content = schema ? { content: Object.fromEntries(types.map((type) => [type, { schema }])) } : {};
    return [status, { description, ...content }];
  });
  return Object.fromEntries(entries) as Record<string, { description: string }>;
}

/** Codes that a route may answer, by status. */
function describeRefusals(route: Route) {
  const codes = [...(route.refusals ?? []), ...commonRefusals(route)];
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const { status } = catalogue[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const entries = [...byStatus].map(([status, each]) => {
    const description = each.map((code) => `\`${code}\` ${catalogue[code].title}`).join('; ');
    return [status, { description, content: { 'application/problem+json': { schema: problemSchema } } }];
  });
  return Object.fromEntries(entries) as Record<string, { description: string }>;
}

function commonRefusals(route: Route): ErrorCode[] {
  const { access, params, query, body } = route;
  const codes: ErrorCode[] = ['UNAVAILABLE'];
  if (rateOf(route)) codes.push('RATE_LIMITED');
  if (access !== 'public') codes.push('TOKEN_MISSING', 'TOKEN_INVALID');
  if (access !== 'public' && access !== 'token') codes.push('SCOPE_MISSING');
  if (params || query) codes.push('PARAMETER_INVALID');
  if (body) codes.push('BODY_NOT_JSON', 'BODY_TOO_LARGE', 'BODY_INVALID', 'BODY_TOO_DEEP', 'BODY_UNSAFE');
  return codes;
}
