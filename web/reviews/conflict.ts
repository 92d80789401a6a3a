import { toProblem } from '../http/problem';

/** Whether somebody else's decision came first (409 REVIEW_CLOSED). */
export const isConflict = (error: unknown): boolean => toProblem(error).code === 'REVIEW_CLOSED';
