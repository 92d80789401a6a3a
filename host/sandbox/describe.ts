import type { Detection } from './detect';

/** How well plugins' code is contained on this machine, in one sentence for logs, pages and the doctor. */
export function describeContainment({ sandbox: { driver, strength }, whyWeak }: Detection): string {
  if (strength === 'strong') return `Plugins run in the sandbox "${driver}", which holds hostile code.`;
  return `Plugins run in the sandbox "${driver}", which is no defence against hostile code: ${whyWeak}`;
}

/** The same for programs. */
export function toContainmentView(detection: Detection) {
  const { driver, strength } = detection.sandbox;
  return { driver, strength, detail: describeContainment(detection) };
}
