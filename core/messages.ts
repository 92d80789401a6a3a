/**
 * What a message to a workflow may look like. Whoever reaches the workflow engine can send anything, so each
 * message is looked at before a workflow reads a field of it; what authorises is never in the message itself.
 */

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether a value is an id as this platform makes them: a UUID in lower case. */
export const isUuid = (value: unknown): value is string => typeof value === 'string' && UUID.test(value);

/** Whether a value is a JSON object, and no list. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a value is an object in which each of the named fields is a text of 1 to 1,000 characters. */
export const hasTexts = <K extends string>(
  value: unknown,
  fields: readonly K[],
): value is Record<K, string> & Record<string, unknown> =>
  isObject(value) && fields.every((field) => isShortText(value[field]));

const isShortText = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= 1_000;
