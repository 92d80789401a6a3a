import path from 'node:path';

/** Whether the second path is the first or lies below it; both without links in them. */
export function isWithin(folder: string, other: string): boolean {
  const between = path.relative(folder, other);
  return between === '' || (!/^\.\.(?:[/\\]|$)/.test(between) && !path.isAbsolute(between));
}
