import { Option } from 'commander';
import { refusal } from '../../../core/errors/errors';
import { profileNameSchema, type CliConfig } from '../../config';
import type { CommandContext, OutputOptions } from '../../context';

export interface ProfileOptions extends OutputOptions {
  profile?: string;
}

export const profileOption = (): Option =>
  new Option('--profile <name>', 'signing profile (default: PX_SIGNING_PROFILE, otherwise default)');

/**
 * The signing profile that a command works with: the flag counts more than the variable.
 *
 * @throws Refusal USAGE for a name that no profile can have
 */
export function readSigning(context: CommandContext, { profile }: ProfileOptions): CliConfig['signing'] {
  const { signing } = context.config();
  if (profile === undefined) return signing;
  const parsed = profileNameSchema.safeParse(profile);
  if (parsed.success) return { ...signing, profile };
  throw refusal('USAGE', `--profile ${parsed.error.issues[0]?.message ?? 'is not valid'}.`);
}
