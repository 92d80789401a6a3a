import type { ProblemDocument } from '../../core/errors/errors';

export type ProblemView = Pick<
  ProblemDocument,
  'title' | 'status' | 'detail' | 'code' | 'next' | 'errors'
> & {
  requestId?: string;
};

/** The server's problem document as an error; pages show its sentence, next step and code. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';

  constructor(readonly document: ProblemView) {
    super(document.detail);
  }
}

const unreachable: ProblemView = {
  title: 'The server cannot be reached',
  status: 503,
  detail: 'The request was not answered.',
  code: 'UNAVAILABLE',
  next: 'Check your connection; the page retries automatically.',
  errors: [],
};

const unreadable: ProblemView = {
  title: 'The server sent an unexpected answer',
  status: 502,
  detail: 'The answer could not be read.',
  code: 'INTERNAL',
  next: 'Try again; if it keeps happening, tell the operators.',
  errors: [],
};

export const unreachableProblem = (): ApiProblem => new ApiProblem(unreachable);

const isProblem = (body: unknown): body is ProblemView =>
  typeof body === 'object' && body !== null && 'code' in body && 'detail' in body && 'next' in body;

/** The problem document of a refused reply (RFC 9457); for a proxy's error page, one made here. */
export async function readProblem(reply: Response): Promise<ApiProblem> {
  const requestId = reply.headers.get('x-request-id');
  const body: unknown = await reply.json().catch(() => undefined);
  const document = isProblem(body) ? body : { ...unreadable, status: reply.status };
  return new ApiProblem({
    ...document,
    errors: document.errors ?? [],
    ...(document.requestId === undefined && requestId ? { requestId } : {}),
  });
}

/** What to show for any error, wherever it was thrown. */
export function toProblem(error: unknown): ProblemView {
  if (error instanceof ApiProblem) return error.document;
  return {
    ...unreadable,
    title: 'The page failed',
    detail: error instanceof Error ? error.message : String(error),
  };
}
