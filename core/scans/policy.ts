/** Content is read first; what needs a running host comes after it. */
export type ScanGroup = 'content' | 'trial';

/** How a scanner's verdict counts. Enforced: a fail rejects. Required: no verdict holds the release. */
export interface ScanPolicy {
  name: string;
  enabled: boolean;
  enforced: boolean;
  required: boolean;
}
