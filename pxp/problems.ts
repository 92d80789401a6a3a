import { problem, type Problem } from '../core/errors/errors';

// A hostile package can be wrong fifty thousand times; a person reads the first few.
const MAX_PROBLEMS = 50;

/** Problems as a person can read them: each told once, and a count in place of an endless rest. */
export function forReading(problems: readonly Problem[]): Problem[] {
  const unique = [...new Map(problems.map((each) => [`${each.code}\n${each.detail}`, each])).values()];
  const left = unique.length - MAX_PROBLEMS;
  if (left <= 0) return unique;
  const code = unique[0]?.code ?? 'PACKAGE_FORM';
  return [...unique.slice(0, MAX_PROBLEMS), problem(code, `There are ${left} more problems.`)];
}
