import { tokenPrefixes } from '../../core/identity/tokens';
import { textSetting } from '../../platform/settings/text';

/** The prefix lets secret scanners know a leaked token for what it is. */
const OPERATOR_TOKEN = new RegExp(`^${tokenPrefixes.operator}_[A-Za-z0-9_-]{20,500}$`);

/** A token of the operators: 20 to 500 letters, digits, `-` or `_` behind its prefix. */
export const operatorTokenSetting = () =>
  textSetting().regex(
    OPERATOR_TOKEN,
    `must begin with ${tokenPrefixes.operator}_ and have 20 to 500 letters, digits, - or _ after it`,
  );
