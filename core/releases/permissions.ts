/** A permission in canonical form: `domain.resource.action`, lower case. */
export type Permission = string;

type PermissionInput = string | { resource: string; actions: string[] };

const clean = (text: string): string => text.trim().toLowerCase().replace(/[:/]/g, '.');

function fromEntry(entry: PermissionInput): Permission[] {
  if (typeof entry === 'string') return [clean(entry)];
  return entry.actions.map((action) => clean(`${entry.resource}.${action}`));
}

/** Flattens `{database: {read: true}, network: ['get']}` to `database.read`, `network.get`. */
function fromMap(map: Record<string, unknown>, prefix = ''): Permission[] {
  return Object.entries(map).flatMap(([key, value]) => {
    const name = prefix ? `${prefix}.${key}` : key;
    if (value === false || value === null) return [];
    if (Array.isArray(value)) return value.map((action) => clean(`${name}.${String(action)}`));
    if (typeof value === 'object') return fromMap(value as Record<string, unknown>, name);
    return [clean(name)];
  });
}

/**
 * One sorted list without repetition, whichever of the three shapes in use the author wrote:
 * a list of texts, a list of `{resource, actions}`, or a nested map of grants.
 */
export function normalisePermissions(input: PermissionInput[] | Record<string, unknown>): Permission[] {
  const all = Array.isArray(input) ? input.flatMap(fromEntry) : fromMap(input);
  return [...new Set(all)].sort();
}
