import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { DecisionReference, DecisionReply } from '../../contracts/reviews/messages';

/** Each carries the id of a decision that the API has recorded; anything else is refused or dropped. */
export const decide = defineUpdate<DecisionReply, [DecisionReference]>('decide');
export const approve = defineSignal<[DecisionReference]>('approve');
export const reject = defineSignal<[DecisionReference]>('reject');
