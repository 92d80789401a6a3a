import { z } from 'zod';
import { limits } from '../../core/limits';
import { parseDuration } from '../../core/duration';

/** A setting such as `90s`, `10m` or `4h`, in milliseconds. */
export const durationSetting = (byDefaultMs: number) =>
  z
    .string()
    .max(40)
    .transform((text, context) => {
      const ms = parseDuration(text);
      if (ms === undefined || ms > limits.stageMs)
        context.addIssue({
          code: 'custom',
          message: 'must be a duration such as 90s or 4h, and at most 366d',
        });
      return ms ?? 0;
    })
    .default(byDefaultMs);
