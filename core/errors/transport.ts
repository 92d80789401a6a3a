import { entry, EXIT, ours, type CatalogueEntry } from './entry';

/** Any request may meet these. */
// prettier-ignore
export const transportErrors = {
  BODY_NOT_JSON: entry(400, EXIT.usage, 'The body is not valid JSON', 'Send a JSON object with Content-Type: application/json.'),
  BODY_TOO_LARGE: entry(413, EXIT.usage, 'The body is too large', 'Send less in one request; package bytes belong at the signed upload URLs.'),
  BODY_INVALID: entry(422, EXIT.usage, 'The body does not match its schema', 'Correct the listed fields; /docs describes each of them.'),
  BODY_TOO_DEEP: entry(422, EXIT.usage, 'The body is nested too deeply', 'Flatten the named value.'),
  BODY_UNSAFE: entry(422, EXIT.usage, 'The body contains forbidden keys or characters', 'Remove the listed keys and characters.'),
  PARAMETER_INVALID: entry(400, EXIT.usage, 'A parameter is not valid', 'Correct the listed parameters; /docs describes each of them.'),
  MESSAGE_INVALID: entry(400, EXIT.usage, 'A message to the workflow does not match its schema', 'Use px-plugin, the console or the API; they send messages that fit.'),
  ROUTE_NOT_FOUND: entry(404, EXIT.refused, 'No such endpoint', 'Check the method and path against /docs.'),
  METHOD_NOT_ALLOWED: entry(405, EXIT.usage, 'The endpoint does not support this method', 'Use one of the methods that the Allow header lists.'),
  ORIGIN_REFUSED: entry(403, EXIT.auth, 'Pages of this origin are not answered', 'Use the page whose address the settings name.'),
  NOT_FOUND: entry(404, EXIT.refused, 'Not found', 'Check the id; you only see what belongs to you.'),
  ANSWER_TOO_LARGE: entry(502, EXIT.unavailable, 'The answer is too large', 'Check the address of the marketplace; no answer of it is that large.'),
  INTERNAL: ours(500, 'Internal error', 'Try again; if it keeps happening, send the requestId to the operators.'),
  UNAVAILABLE: ours(503, 'A required service is unavailable', 'Try again in a moment; a call that is repeated changes nothing twice.'),
  RATE_LIMITED: ours(429, 'Too many requests', 'Wait for the number of seconds in Retry-After.'),
} as const satisfies Record<string, CatalogueEntry>;
