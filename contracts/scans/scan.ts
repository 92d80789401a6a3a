import { z } from 'zod';
import { limits } from '../../core/limits';
import { count, lineText, longText, moment, sentences } from '../bounds';
import { scanVerdicts } from '../../core/scans/report';

/** What one scanner found in a package, under which rules. */
export const scanViewSchema = z.object({
  scanner: lineText,
  version: lineText,
  rulesDigest: lineText,
  verdict: z.enum(scanVerdicts),
  findings: z
    .array(
      z.object({
        rule: lineText,
        severity: z.enum(['info', 'warning', 'critical']),
        path: sentences.optional(),
        line: count.optional(),
        detail: longText,
      }),
    )
    .max(limits.details),
  finishedAt: moment,
});
export type ScanView = z.infer<typeof scanViewSchema>;
