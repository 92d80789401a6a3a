import { z } from 'zod';

/** A setting that is on or off: `1` or `true`, `0` or `false`. */
export const flagSetting = (byDefault: boolean) =>
  z
    .enum(['1', 'true', '0', 'false'])
    .transform((text) => text === '1' || text === 'true')
    .default(byDefault);
