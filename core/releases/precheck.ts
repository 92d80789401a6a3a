import { catalogue } from '../errors/catalogue';
import { refuseIfAny, type Problem } from '../errors/errors';
import type { PrecheckFacts } from './precheckFacts';
import { precheckRules, type PrecheckRule } from './precheckRules';

/** The one shape in which every validator answers (PRE-22): all errors, or none. */
export interface ValidationResult {
  valid: boolean;
  errors: Problem[];
}

/** How one check went. `remediation` is the next step, when there is something to mend. */
export interface PrecheckResult {
  id: string;
  title: string;
  status: 'pass' | 'warn' | 'fail';
  problems: Problem[];
  remediation: string | null;
}

export interface PrecheckReport extends ValidationResult {
  /** The checks that could be run with the facts at hand, in order. */
  checks: PrecheckResult[];
}

/** A {@link ValidationResult} of some problems. */
export const toValidationResult = (errors: readonly Problem[]): ValidationResult => ({
  valid: errors.length === 0,
  errors: [...errors],
});

/**
 * Judges a submission by everything that is known of it: the same rules on the publisher's machine
 * and on the server, which differ only in their facts. Never stops at the first problem.
 */
export function runPrecheck(facts: PrecheckFacts): PrecheckReport {
  const checks = precheckRules.flatMap((rule) => carryOut(rule, facts) ?? []);
  const errors = checks.filter((check) => check.status === 'fail').flatMap((check) => check.problems);
  return { ...toValidationResult(errors), checks };
}

/** @throws Refusal with every error of the report */
export function refuseInvalid(report: ValidationResult): void {
  refuseIfAny(report.errors);
}

function carryOut(rule: PrecheckRule, facts: PrecheckFacts): PrecheckResult | undefined {
  const findings = rule.judge(facts);
  if (!findings) return undefined;
  const { errors, warnings = [] } = findings;
  const problems = [...errors, ...warnings];
  return {
    id: rule.id,
    title: rule.title,
    status: summariseStatus(errors, warnings),
    problems,
    remediation: nextStep(problems),
  };
}

function summariseStatus(errors: readonly Problem[], warnings: readonly Problem[]): PrecheckResult['status'] {
  if (errors.length > 0) return 'fail';
  return warnings.length > 0 ? 'warn' : 'pass';
}

const nextStep = (problems: readonly Problem[]): string | null => {
  const steps = new Set(problems.map((each) => catalogue[each.code].next));
  return steps.size === 0 ? null : [...steps].join(' ');
};
