import { z } from 'zod';
import { scanVerdicts } from '../../core/scans/report';

/** What one scanner found in a package, under which rules. */
export const scanViewSchema = z.object({
  scanner: z.string(),
  version: z.string(),
  rulesDigest: z.string(),
  verdict: z.enum(scanVerdicts),
  findings: z.array(
    z.object({
      rule: z.string(),
      severity: z.enum(['info', 'warning', 'critical']),
      path: z.string().optional(),
      line: z.number().int().optional(),
      detail: z.string(),
    }),
  ),
  finishedAt: z.iso.datetime(),
});
export type ScanView = z.infer<typeof scanViewSchema>;
