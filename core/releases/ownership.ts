import { problem, type Problem } from '../errors/errors';

/**
 * A plugin id belongs to the publisher who first published under it.
 *
 * @param owner null when nobody has published under the id yet
 */
export function checkOwner(owner: string | null, publisherId: string, pluginId: string): Problem[] {
  if (owner === null || owner === publisherId) return [];
  const detail = `The plugin ${pluginId} belongs to another publisher.`;
  return [problem('PUBLISHER_MISMATCH', detail, '/pluginId')];
}
