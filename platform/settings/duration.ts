import { z } from 'zod';
import { parseDuration } from '../../core/duration';

/** A setting such as `90s`, `10m` or `4h`, in milliseconds. */
export const durationSetting = (byDefaultMs: number) =>
  z
    .string()
    .transform((text, context) => {
      const ms = parseDuration(text);
      if (ms === undefined)
        context.addIssue({ code: 'custom', message: 'must be a duration such as 90s or 4h' });
      return ms ?? 0;
    })
    .default(byDefaultMs);
