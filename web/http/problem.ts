import type { ProblemDocument } from '../../core/errors/errors';

export type ProblemView = Pick<
  ProblemDocument,
  'title' | 'status' | 'detail' | 'code' | 'next' | 'errors'
> & {
  requestId?: string;
};

/** A refusal of the server, as it said it; pages show the sentence, the next step and the code. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';

  constructor(readonly document: ProblemView) {
    super(document.detail);
  }
}

const unreachable: ProblemView = {
  title: 'The server is not reachable right now',
  status: 503,
  detail: 'No answer came back.',
  code: 'UNAVAILABLE',
  next: 'Check the connection; the page keeps trying by itself.',
  errors: [],
};

const unreadable: ProblemView = {
  title: 'The server gave an answer that is no problem document',
  status: 502,
  detail: 'The answer could not be read.',
  code: 'INTERNAL',
  next: 'Try again; if it stays, tell the operators.',
  errors: [],
};

export const unreachableProblem = (): ApiProblem => new ApiProblem(unreachable);

const isProblem = (body: unknown): body is ProblemView =>
  typeof body === 'object' && body !== null && 'code' in body && 'detail' in body && 'next' in body;

/** The problem document of a refused reply (RFC 9457); a proxy's page becomes one of ours. */
export async function problemOf(reply: Response): Promise<ApiProblem> {
  const requestId = reply.headers.get('x-request-id');
  const body: unknown = await reply.json().catch(() => undefined);
  const document = isProblem(body) ? body : { ...unreadable, status: reply.status };
  return new ApiProblem({
    ...document,
    errors: document.errors ?? [],
    ...(document.requestId === undefined && requestId ? { requestId } : {}),
  });
}

/** What to show for anything that was thrown, whoever threw it. */
export function toProblem(error: unknown): ProblemView {
  if (error instanceof ApiProblem) return error.document;
  return {
    ...unreadable,
    title: 'The page failed',
    detail: error instanceof Error ? error.message : String(error),
  };
}
