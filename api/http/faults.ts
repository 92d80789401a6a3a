import {
  isGrpcServiceError,
  ServiceError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { Refusal, problem } from '../../core/errors/errors';
import { toRequestRefusal } from './problems';

/** Statuses of gRPC (https://grpc.io/docs/guides/status-codes) that pass by themselves. */
export const GRPC = { deadlineExceeded: 4, notFound: 5, resourceExhausted: 8, unavailable: 14 } as const;

/** Postgres: connection exceptions, too many connections, shutting down, starting up. */
const PASSING_SQLSTATE = /^(08|53300|57P0[1-4]|57014|40001|40P01)/;
/** What the driver says without any code, behind the statement that the query builder puts first. */
const LOST_CONNECTION =
  /(^| - )(Connection terminated|timeout expired|Client (has encountered a connection error|was closed) and is not queryable)/;
const BROKEN_CONNECTION = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
]);

/**
 * The refusal that any failure of a route amounts to: a component that is out of reach is UNAVAILABLE
 * (503, "try again"), never INTERNAL, because nothing is broken that a retry would not mend.
 */
export function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (isEngineOut(error)) return unavailable('The workflow engine is unavailable.', error);
  if (isDatabaseOut(error)) return unavailable('The database is not reachable right now.', error);
  return toRequestRefusal(error);
}

const unavailable = (detail: string, cause: unknown): Refusal =>
  new Refusal([problem('UNAVAILABLE', detail)], { cause });

/** The gRPC status of an error of the workflow engine's client, however it is wrapped. */
export function grpcStatus(error: unknown): number | undefined {
  if (isGrpcServiceError(error)) return error.code;
  return error instanceof ServiceError && isGrpcServiceError(error.cause) ? error.cause.code : undefined;
}

function isEngineOut(error: unknown): boolean {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true;
  const status = grpcStatus(error);
  const passing: number[] = [GRPC.deadlineExceeded, GRPC.resourceExhausted, GRPC.unavailable];
  return status !== undefined && passing.includes(status);
}

function isDatabaseOut(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, name, message } = error as Error & { code?: unknown };
  if (name === 'KnexTimeoutError' || LOST_CONNECTION.test(message)) return true;
  return typeof code === 'string' && (PASSING_SQLSTATE.test(code) || BROKEN_CONNECTION.has(code));
}
