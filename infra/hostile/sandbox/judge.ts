import type { Probe, Traces } from './probe';

export interface Verdict {
  isOpen: boolean;
  seen: string;
}

/** What a probe came to: by what it says, and by what the outside saw. */
export async function judge(probe: Probe, traces: Traces, watched: string | undefined): Promise<Verdict> {
  const { code, signal, endedBy, output } = traces.outcome;
  const found = watched ?? (await probe.look?.(traces));
  if (found !== undefined) return { isOpen: true, seen: found };
  const said = /^(OPEN|HELD) (.*)$/m.exec(
    output.slice(Math.max(output.lastIndexOf('OPEN '), output.lastIndexOf('HELD '))),
  );
  if (said?.[1] === 'OPEN') return { isOpen: true, seen: said[2] ?? '' };
  if (endedBy) return { isOpen: false, seen: `ended by ${endedBy}` };
  if (said) return { isOpen: false, seen: said[2] ?? '' };
  return { isOpen: false, seen: signal ? `ended by ${signal}` : `status ${code}` };
}
