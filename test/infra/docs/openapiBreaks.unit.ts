import { findApiBreaks, type ApiDocument } from '../../../infra/docs/openapiBreaks';
import type { Schema } from '../../../infra/docs/schemaBreaks';

const channel: Schema = { type: 'string', enum: ['stable', 'beta'] };
const inputSchema = (): Schema => ({
  type: 'object',
  properties: { name: { type: 'string', maxLength: 100 }, notes: { type: 'string' }, channel },
  required: ['name'],
  additionalProperties: false,
});
const plugin = (): Schema => ({
  type: 'object',
  properties: { id: { type: 'string' }, listedAt: { type: ['string', 'null'] }, channel },
  required: ['id', 'listedAt'],
});

/** An API with one path, whose parts a case may replace. */
const makeApi = (parts: { input?: Schema; output?: Schema; operation?: object } = {}): ApiDocument => ({
  paths: {
    '/plugins': {
      get: { responses: { 200: { content: { 'application/json': { schema: { type: 'object' } } } } } },
      post: {
        parameters: [
          { name: 'limit', in: 'query', required: false, schema: { type: 'integer', maximum: 200 } },
        ],
        requestBody: {
          required: true,
          content: { 'application/json': { schema: parts.input ?? inputSchema() } },
        },
        responses: {
          201: { content: { 'application/json': { schema: parts.output ?? plugin() } } },
          409: {
            content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
          },
        },
        ...parts.operation,
      },
    },
  },
  components: { schemas: { Problem: { type: 'object', properties: { code: { type: 'string' } } } } },
});

const change = <T extends object>(value: T, edit: (copy: T) => void): T => {
  const copy = structuredClone(value);
  edit(copy);
  return copy;
};
const post = '/plugins';
const withInput = (edit: (schema: Schema) => void) => makeApi({ input: change(inputSchema(), edit) });
const withOutput = (edit: (schema: Schema) => void) => makeApi({ output: change(plugin(), edit) });
const edited = (edit: (document: ApiDocument) => void) => change(makeApi(), edit);

const breaking: [string, ApiDocument, string][] = [
  ['a removed path', { ...makeApi(), paths: {} }, '/plugins: path removed'],
  ['a removed method', edited((api) => delete api.paths![post]!.get), 'GET /plugins: method removed'],
  [
    'a removed reply',
    edited((api) => delete api.paths![post]!.post!.responses![409]),
    'POST /plugins 409: reply removed',
  ],
  [
    'a field that an answer lacks',
    withOutput((schema) => delete schema.properties!.id),
    'POST /plugins 201.id: field removed',
  ],
  [
    'a field that an answer may lack',
    withOutput((schema) => (schema.required = ['id'])),
    'POST /plugins 201.listedAt: field may be absent now',
  ],
  [
    'an answer that may be null',
    withOutput((schema) => (schema.properties!.id = { type: ['string', 'null'] })),
    'POST /plugins 201.id: type changed from string to string|null',
  ],
  [
    'a field of a component that an answer lacks',
    edited((api) => (api.components!.schemas!.Problem = { type: 'object', properties: {} })),
    'POST /plugins 409.code: field removed',
  ],
  [
    'a field that a request must have',
    withInput((schema) => schema.required!.push('notes')),
    'POST /plugins body.notes: field newly required',
  ],
  [
    'a field that is no longer taken',
    withInput((schema) => delete schema.properties!.notes),
    'POST /plugins body.notes: field removed',
  ],
  [
    'a value that is no longer taken',
    withInput((schema) => (schema.properties!.channel = { type: 'string', enum: ['stable'] })),
    'POST /plugins body.channel: value beta no longer taken',
  ],
  [
    'a text that may be less long',
    withInput((schema) => (schema.properties!.name!.maxLength = 50)),
    'POST /plugins body.name: maxLength narrowed',
  ],
  [
    'a parameter that a request must have',
    edited((api) => api.paths![post]!.post!.parameters!.push({ name: 'q', in: 'query', required: true })),
    'POST /plugins query parameter q: newly required',
  ],
  [
    'a token that was not asked for',
    makeApi({ operation: { security: [{ token: [] }] } }),
    'POST /plugins: token newly required',
  ],
];

const harmless: [string, ApiDocument][] = [
  ['nothing', makeApi()],
  ['a new path', edited((api) => (api.paths!['/reviews'] = { get: {} }))],
  ['a new reply', edited((api) => (api.paths![post]!.post!.responses![429] = {}))],
  ['a new field of an answer', withOutput((schema) => (schema.properties!.name = { type: 'string' }))],
  [
    'a new field that a request may have',
    withInput((schema) => (schema.properties!.homepage = { type: 'string' })),
  ],
  ['a field that a request need not have any more', withInput((schema) => (schema.required = []))],
  [
    'a value that is taken besides',
    withInput(
      (schema) => (schema.properties!.channel = { type: 'string', enum: ['stable', 'beta', 'edge'] }),
    ),
  ],
  ['a text that may be longer', withInput((schema) => (schema.properties!.name!.maxLength = 500))],
  [
    'a parameter that a request may have',
    edited((api) => api.paths![post]!.post!.parameters!.push({ name: 'q', in: 'query' })),
  ],
  ['other words', makeApi({ operation: { summary: 'Said in another way.' } })],
];

describe('the check for breaking changes of the API', () => {
  test.each(breaking)('refuses %s', (_what, after, sentence) => {
    expect(findApiBreaks(makeApi(), after)).toEqual([sentence]);
  });

  test.each(harmless)('lets %s be', (_what, after) => {
    expect(findApiBreaks(makeApi(), after)).toEqual([]);
  });
});
