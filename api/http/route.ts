import type { Request, Response } from 'express';
import type { Knex } from 'knex';
import type { z } from 'zod';
import type { Scope, Subject } from '../../core/access';
import type { ErrorCode } from '../../core/errors/errors';
import type { RateName } from './rateLimit';

/** Who may call a route: everyone, everyone with a valid token, or whose token has the scope. */
export type Access = 'public' | 'token' | Scope;

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** What a reply may be. Without `schema` it has no JSON body; `contentType` names another kind of body. */
export interface DocumentedReply {
  description: string;
  schema?: z.ZodType;
  contentType?: string;
}

/**
 * Does work in a transaction that may write in the name of whoever asks; elsewhere the database refuses that. Throws
 * TOKEN_INVALID when the token was ended meanwhile.
 */
export type InName = <T>(work: (trx: Knex.Transaction) => Promise<T>) => Promise<T>;

/** Who asks, under which request, and what that allows to write. */
export interface Caller {
  /** For transitions, audit and workflows. */
  origin: { actor: string; requestId: string };
  inName: InName;
}

/** What a handler gets: everything is parsed and authorised. */
export interface Asked<P, Q, B, S> extends Caller {
  params: P;
  query: Q;
  body: B;
  /** Undefined on public routes only. */
  subject: S;
  request: Request;
  response: Response;
}

export interface Reply {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

type Parsed<T> = T extends z.ZodType ? z.output<T> : undefined;

export interface RouteSpec<P, Q, B, A extends Access> {
  method: Method;
  /** OpenAPI template, such as `/api/marketplace/plugins/{versionId}`. */
  path: string;
  access: A;
  /** One sentence for the documentation. */
  summary: string;
  params?: P;
  query?: Q;
  body?: B;
  replies: Record<number, DocumentedReply>;
  /** The limit that its calls count against; what writes counts against `writes` without it. */
  rate?: RateName;
  /** Codes that are particular to this route; those of every route are documented once. */
  refusals?: ErrorCode[];
  /** Returns the reply, or nothing when it has written the response itself. */
  handle: (
    asked: Asked<Parsed<P>, Parsed<Q>, Parsed<B>, A extends 'public' ? undefined : Subject>,
  ) => Promise<Reply | void>;
}

/** A route with its types forgotten, as the list of routes holds it. */
export interface Route {
  method: Method;
  path: string;
  access: Access;
  summary: string;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  replies: Record<number, DocumentedReply>;
  rate?: RateName;
  refusals?: ErrorCode[];
  handle: (asked: Asked<unknown, unknown, unknown, Subject | undefined>) => Promise<Reply | void>;
}

/**
 * One route, said once: what is checked is what is documented. {@link file://./mount.ts} checks by it,
 * {@link file://./openapi.ts} documents it.
 */
export const route = <
  const A extends Access,
  P extends z.ZodObject | undefined = undefined,
  Q extends z.ZodObject | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(
  spec: RouteSpec<P, Q, B, A>,
): Route => spec as unknown as Route;

/** A JSON reply that follows a schema. */
export const documented = (description: string, schema?: z.ZodType): DocumentedReply =>
  schema ? { description, schema } : { description };

export const reply = (status: number, body?: unknown, headers?: Record<string, string>): Reply => ({
  status,
  ...(body === undefined ? {} : { body }),
  ...(headers ? { headers } : {}),
});
