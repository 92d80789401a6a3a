import { problem, type Problem } from '../errors/errors';

/** An import that nothing in a package satisfies, and no host is said to. */
export interface UnsatisfiedImport {
  /** The file, relative to the plugin folder, and the line, from 1. */
  file: string;
  line: number;
  /** A package's name, or a path as it is written. */
  name: string;
}

/** One problem for each name, at the first place that loads it. */
export function describeUnsatisfied(imports: readonly UnsatisfiedImport[]): Problem[] {
  const byName = new Map<string, UnsatisfiedImport[]>();
  for (const each of imports) {
    // A path means another file in each folder.
    const key = each.name.startsWith('.') ? `${each.file} ${each.name}` : each.name;
    byName.set(key, [...(byName.get(key) ?? []), each]);
  }
  return [...byName.values()].flatMap(([first, ...others]) =>
    first ? [describe(first, others.length)] : [],
  );
}

function describe({ file, line, name }: UnsatisfiedImport, others: number): Problem {
  const more = others === 0 ? '' : `, and ${others === 1 ? 'one more place' : `${others} more places`}`;
  const detail = `${file}, line ${line}${more}: nothing in the package provides "${name}".`;
  return problem('IMPORT_UNSATISFIED', detail, file);
}
