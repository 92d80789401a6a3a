import { z } from 'zod';
import { limits } from '../../core/limits';

/**
 * The prefix of an API's paths, such as `/api/v1` or `/api/v1.2`. Only plain segments, none empty and none of dots
 * alone: the prefix becomes part of route patterns and of addresses, and both ends must read it alike.
 */
export const prefixSetting = (byDefault: string) =>
  z
    .string()
    .max(limits.line)
    .regex(/^(\/[A-Za-z0-9_][A-Za-z0-9._-]*)+$/, 'must look like /api/v1')
    .default(byDefault);
