import type { Knex } from 'knex';
import * as identities from '../../migrations/20261121_01_identities';
import * as releases from '../../migrations/20261121_02_releases';
import * as rollouts from '../../migrations/20261121_03_rollouts';
import * as tenants from '../../migrations/20261121_04_tenants';
import * as requests from '../../migrations/20261121_05_requests';
import * as timelineOrder from '../../migrations/20261121_06_timeline_order';
import * as processRoles from '../../migrations/20261127_07_process_roles';
import * as rowSecurity from '../../migrations/20261127_08_row_security';
import * as stateChecks from '../../migrations/20261127_09_state_checks';
import * as retention from '../../migrations/20261127_10_retention';
import * as reviewDecisions from '../../migrations/20261128_11_review_decisions';
import * as listingEvidence from '../../migrations/20261128_12_listing_evidence';
import * as engineMessages from '../../migrations/20261128_13_engine_messages';
import * as restrictions from '../../migrations/20261128_14_restrictions';
import * as tokens from '../../migrations/20261128_15_tokens';
import * as keyRevocation from '../../migrations/20261128_16_key_revocation';
import * as downloadGrants from '../../migrations/20261128_17_download_grants';
import * as secondOpinions from '../../migrations/20261128_18_second_opinions';
import * as signedStatements from '../../migrations/20261128_19_signed_statements';
import * as uploadBounds from '../../migrations/20261128_20_upload_bounds';
import * as checkTurns from '../../migrations/20261128_22_check_turns';
import * as oneRestriction from '../../migrations/20261128_23_one_restriction';
import * as lastingRevocations from '../../migrations/20261128_24_lasting_revocations';
import * as names from '../../migrations/20261128_25_names';
import * as namesSubscribed from '../../migrations/20261128_25_subscriptions';
import * as rolloutSalt from '../../migrations/20261128_26_rollout_salt';
import * as proofs from '../../migrations/20261128_27_proofs';
import * as troubles from '../../migrations/20261128_29_troubles';
import * as statedRange from '../../migrations/20261128_30_stated_range';
import * as withdrawals from '../../migrations/20261128_32_withdrawals';
import * as superseded from '../../migrations/20261128_33_superseded';
import * as proofsOfWhom from '../../migrations/20261128_34_proofs_of_whom';
import * as troubleRecounts from '../../migrations/20261128_35_trouble_recounts';
import * as nameTurns from '../../migrations/20261128_36_name_turns';

/**
 * Every migration in its order. A list rather than a folder listing, so that the same code runs
 * from TypeScript, in tests and from the bundle; a test compares it with the folder.
 */
export const migrations: readonly { name: string; migration: Knex.Migration }[] = [
  { name: '20261121_01_identities', migration: identities },
  { name: '20261121_02_releases', migration: releases },
  { name: '20261121_03_rollouts', migration: rollouts },
  { name: '20261121_04_tenants', migration: tenants },
  { name: '20261121_05_requests', migration: requests },
  { name: '20261121_06_timeline_order', migration: timelineOrder },
  { name: '20261127_07_process_roles', migration: processRoles },
  { name: '20261127_08_row_security', migration: rowSecurity },
  { name: '20261127_09_state_checks', migration: stateChecks },
  { name: '20261127_10_retention', migration: retention },
  { name: '20261128_11_review_decisions', migration: reviewDecisions },
  { name: '20261128_12_listing_evidence', migration: listingEvidence },
  { name: '20261128_13_engine_messages', migration: engineMessages },
  { name: '20261128_14_restrictions', migration: restrictions },
  { name: '20261128_15_tokens', migration: tokens },
  { name: '20261128_16_key_revocation', migration: keyRevocation },
  { name: '20261128_17_download_grants', migration: downloadGrants },
  { name: '20261128_18_second_opinions', migration: secondOpinions },
  { name: '20261128_19_signed_statements', migration: signedStatements },
  { name: '20261128_20_upload_bounds', migration: uploadBounds },
  { name: '20261128_22_check_turns', migration: checkTurns },
  { name: '20261128_23_one_restriction', migration: oneRestriction },
  { name: '20261128_24_lasting_revocations', migration: lastingRevocations },
  { name: '20261128_25_names', migration: names },
  { name: '20261128_25_subscriptions', migration: namesSubscribed },
  { name: '20261128_26_rollout_salt', migration: rolloutSalt },
  { name: '20261128_27_proofs', migration: proofs },
  { name: '20261128_29_troubles', migration: troubles },
  { name: '20261128_30_stated_range', migration: statedRange },
  { name: '20261128_32_withdrawals', migration: withdrawals },
  { name: '20261128_33_superseded', migration: superseded },
  { name: '20261128_34_proofs_of_whom', migration: proofsOfWhom },
  { name: '20261128_35_trouble_recounts', migration: troubleRecounts },
  { name: '20261128_36_name_turns', migration: nameTurns },
];
