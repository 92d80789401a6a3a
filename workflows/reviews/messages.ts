import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Decision, DecisionReply, SignalledDecision } from '../../contracts/reviews/messages';

export const decide = defineUpdate<DecisionReply, [Decision]>('decide');
export const approve = defineSignal<[SignalledDecision]>('approve');
export const reject = defineSignal<[SignalledDecision]>('reject');
