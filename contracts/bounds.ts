import { z } from 'zod';
import { limits } from '../core/limits';

/** A text of at most so many characters. */
export const text = (longest: number) => z.string().max(longest);

export const idText = text(limits.id);
export const lineText = text(limits.line);
export const sentences = text(limits.sentences);
export const longText = text(limits.text);
export const urlText = text(limits.url);

/** A moment as ISO 8601 writes it; the length bounds the fractions of a second, which the format does not. */
export const moment = z.iso.datetime().max(40);

/** The same with any offset, as people write it. */
export const momentWithOffset = z.iso.datetime({ offset: true }).max(40);

/** A whole number from 0 that counts something. */
export const count = z.number().int().min(0).max(limits.count);

/** A share of all tenants, in basis points. */
export const shareOfTenants = z.number().int().min(0).max(10_000);

/** An object of any keys, at most so many. */
export const recordOf = <Key extends z.core.$ZodRecordKey, Value extends z.ZodType>(
  key: Key,
  value: Value,
  most: number,
) =>
  z
    .record(key, value)
    .refine((record) => Object.keys(record).length <= most, `must have at most ${most} keys`)
    .meta({ maxProperties: most });
