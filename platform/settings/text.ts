import { z } from 'zod';
import { limits } from '../../core/limits';

/** A setting that is a text and not empty: a path, a name, a secret. */
export const textSetting = () => z.string().min(1).max(limits.setting);

/** A setting that is an address. */
export const urlSetting = () => z.url().max(limits.setting);
