import type { Dispatcher } from 'undici';
import { isErrorCode } from '../../core/errors/catalogue';
import { Refusal, refusal, type ErrorCode } from '../../core/errors/errors';
import { classifyFailure } from '../../core/rollouts/failureKinds';
import { isFileTrouble } from '../../platform/files/trouble';

/** An address without its query, which may be a signature. */
export const withoutQuery = (url: URL): string => `${url.origin}${url.pathname}`;

export const tooLarge = (maxBytes: number): Refusal =>
  refusal(
    'PACKAGE_TOO_LARGE',
    `The package has more than the ${maxBytes} bytes that SPILLWAY_MAX_PACKAGE_BYTES allows.`,
  );

/** What a server can know. Whoever answers on the way must not have the version blamed, nor this host. */
const isOfServers = (code: ErrorCode): boolean => ['way', 'ours'].includes(classifyFailure(code));

/** The server's own problem document where there is one, else a refusal by status. */
export async function readRefusal({ statusCode, body }: Dispatcher.ResponseData, url: URL): Promise<Refusal> {
  const text = await body.text().catch(() => '');
  const { code, detail } = parseProblem(text.slice(0, 64_000));
  if (typeof code === 'string' && isErrorCode(code) && isOfServers(code))
    return refusal(code, String(detail ?? code));
  const temporary = statusCode === 429 || statusCode >= 500;
  const detailText = `${withoutQuery(url)} answered with status ${statusCode}.`;
  return refusal(temporary ? 'UNAVAILABLE' : 'OBJECT_NOT_FOUND', detailText);
}

function parseProblem(text: string): { code?: unknown; detail?: unknown } {
  try {
    return (JSON.parse(text) ?? {}) as { code?: unknown };
  } catch {
    return {};
  }
}

/** Network errors are temporary; a refusal by the address guard may be the error's cause. */
export function asRefusal(error: unknown, url: URL, signal: AbortSignal): unknown {
  if (error instanceof Refusal || signal.aborted) return error;
  const { code, name, cause } = (error ?? {}) as { code?: string; name?: string; cause?: unknown };
  if (cause instanceof Refusal) return cause;
  return isFileTrouble(error)
    ? error
    : refusal('UNAVAILABLE', `${withoutQuery(url)} could not be read (${code ?? name ?? 'no reason'}).`);
}
