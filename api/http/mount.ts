import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import type { Knex } from 'knex';
import { asBearer } from '../../adapters/db/transaction';
import { toProof } from '../../adapters/identity/tokenHash';
import { formatActor } from '../../core/access';
import { refusal } from '../../core/errors/errors';
import type { AddressLimit } from './addressLimit';
import { admit } from './admit';
import { readToken, type FindSubject } from './authority';
import { rateOf, type RateLimits } from './rateLimit';
import { routed } from './requestLog';
import type { InName, Method, Reply, Route } from './route';
import { parseBody, parseBy } from './validation';

/** Package bytes never come this way: a megabyte holds the longest notes and the largest manifest. */
const BODY_LIMIT = '1mb';

/** What every call passes before it is handled. */
interface Gate {
  db: Knex;
  findSubject: FindSubject;
  /** Hears of a call whose caller's token lacks its scope; `call` has no more of the address than the route has. */
  onDenied: (denied: { actor: string; requestId: string; call: string; scope: string }) => Promise<void>;
  rateLimits: RateLimits;
  addresses: AddressLimit;
}

/**
 * Adds routes to an app: authorise, count, parse, handle, reply. The body is read after the token was
 * checked, so that nobody without one makes the process parse anything.
 */
export function mountRoutes(app: Express, routes: readonly Route[], gate: Gate): void {
  for (const each of routes) app[each.method](pattern(each.path), handler(each, gate));
  for (const [path, methods] of methodsByPath(routes)) {
    app.all(pattern(path), (_request, response) => {
      response.set('Allow', methods.map((method) => method.toUpperCase()).join(', '));
      throw refusal('METHOD_NOT_ALLOWED', `${path} supports ${methods.join(', ').toUpperCase()}.`);
    });
  }
}

/** `/plugins/{versionId}` as Express writes it. */
const pattern = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1');

function methodsByPath(routes: readonly Route[]): Map<string, Method[]> {
  const found = new Map<string, Method[]>();
  for (const { path, method } of routes) found.set(path, [...(found.get(path) ?? []), method]);
  return found;
}

function handler(route: Route, gate: Gate): RequestHandler {
  const rate = rateOf(route);
  const readBytes = express.raw({ limit: BODY_LIMIT, type: () => true });
  const call = `${route.method.toUpperCase()} ${route.path}`;
  return async (request, response) => {
    routed(response, route.path);
    const requestId = String(request.id);
    const subject = await admit(request, route.access, {
      ...gate,
      onDenied: (caller, scope) => gate.onDenied({ actor: formatActor(caller), requestId, call, scope }),
    });
    if (rate && subject) await gate.rateLimits[rate].take(formatActor(subject));
    const params = route.params && parseBy(route.params, request.params, 'PARAMETER_INVALID', '/path');
    const query = route.query && parseBy(route.query, request.query, 'PARAMETER_INVALID', '/query');
    const body =
      route.body && parseBy(route.body, await readBody(request, response, readBytes), 'BODY_INVALID', '');
    const origin = { actor: subject ? formatActor(subject) : 'anonymous', requestId };
    const inName: InName = (work) => asBearer(gate.db, subject ? toProof(readToken(request)) : '', work);
    const answer = await route.handle({ params, query, body, subject, origin, inName, request, response });
    if (answer) send(response, route, answer);
  };
}

async function readBody(request: Request, response: Response, readBytes: RequestHandler): Promise<unknown> {
  if (!request.is('application/json')) {
    throw refusal('BODY_NOT_JSON', 'The body is missing, or its Content-Type is not application/json.');
  }
  await new Promise<void>((resolve, reject) => {
    void readBytes(request, response, (error?: unknown) => (error ? reject(error as Error) : resolve()));
  });
  return Buffer.isBuffer(request.body) ? parseBody(request.body) : undefined;
}

/** Sends only what the documented schema names: nothing else of a row ever leaves. */
function send(response: Response, route: Route, { status, body, headers = {} }: Reply): void {
  response.status(status).set(headers);
  const schema = route.replies[status]?.schema;
  if (body === undefined) response.end();
  else response.json(schema ? schema.parse(body) : body);
}
