import { catalogue, type ErrorCode } from './catalogue';

/**
 * One thing that is wrong, in the words of the person who has to fix it.
 *
 * `detail` is a sentence that names the offending thing; `pointer` says where it is (a JSON
 * pointer, or a path inside the package). Follows the `errors` extension of RFC 9457, section 3.
 */
export interface Problem {
  code: ErrorCode;
  detail: string;
  pointer?: string;
}

/** Shapes a problem; an absent pointer is left out rather than stored as undefined. */
export function problem(code: ErrorCode, detail: string, pointer?: string): Problem {
  return pointer === undefined ? { code, detail } : { code, detail, pointer };
}

/**
 * A refusal that a user can act on: all problems at once, never only the first.
 * The first problem's catalogue entry decides the HTTP status and the exit code.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly problems: readonly [Problem, ...Problem[]];

  constructor(problems: readonly Problem[], options?: { cause?: unknown }) {
    const [first, ...rest] = problems;
    if (!first) throw new TypeError('A Refusal needs at least one problem.');
    super(problems.map((each) => each.detail).join(' '), options);
    this.problems = [first, ...rest];
  }

  get code(): ErrorCode {
    return this.problems[0].code;
  }
}

/** A refusal with a single problem. */
export function refusal(code: ErrorCode, detail: string, pointer?: string): Refusal {
  return new Refusal([problem(code, detail, pointer)]);
}

/** Throws a {@link Refusal} when there is any problem; otherwise does nothing. */
export function refuseIfAny(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new Refusal(problems);
}

/** An RFC 9457 problem document with this product's extensions. */
export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ErrorCode;
  next: string;
  errors: Problem[];
  requestId?: string;
}

/** The RFC 9457 document of a refusal; `type` is a stable URN made of the code. */
export function toProblemDocument(error: Refusal, requestId?: string): ProblemDocument {
  const entry = catalogue[error.code];
  return {
    type: `urn:spillway:problem:${error.code}`,
    title: entry.title,
    status: entry.status,
    detail: error.message,
    code: error.code,
    next: entry.next,
    errors: [...error.problems],
    ...(requestId === undefined ? {} : { requestId }),
  };
}

/** Whether a retry can help: `ours` is a fault of the platform, `user` is final until they act. */
export function isRetryable(code: ErrorCode): boolean {
  return catalogue[code].class === 'ours';
}

export { isErrorCode } from './catalogue';
export type { ErrorCode };
