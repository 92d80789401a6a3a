import { readProblem, unreachableProblem } from './problems';
import { currentToken } from './session';

/**
 * One request with this tab's token.
 * @throws ApiProblem for every refusal, and with code UNAVAILABLE when no answer came
 */
export async function send(path: string, init: RequestInit = {}): Promise<Response> {
  const token = currentToken();
  const headers = new Headers(init.headers);
  if (token) headers.set('Authorization', `Bearer ${token}`);
  const reply = await fetch(path, { ...init, headers }).catch((error: unknown) => {
    // An aborted request is not a failure: react-query or the event stream cancelled it.
    if (init.signal?.aborted) throw error;
    throw unreachableProblem();
  });
  if (!reply.ok) throw await readProblem(reply);
  return reply;
}

/** Reads JSON. @throws ApiProblem */
export async function readJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  const reply = await send(path, { signal: signal ?? null, headers: { Accept: 'application/json' } });
  return (await reply.json()) as T;
}

/** Sends JSON and reads the JSON of the reply. @throws ApiProblem */
export async function sendJson<T>(method: 'PATCH' | 'POST', path: string, body: unknown): Promise<T> {
  const reply = await send(path, {
    method,
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify(body),
  });
  return (await reply.json()) as T;
}
