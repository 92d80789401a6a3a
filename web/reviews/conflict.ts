import { toProblem } from '../http/problems';

/** Whether someone else decided first (409 REVIEW_CLOSED). */
export const isConflict = (error: unknown): boolean => toProblem(error).code === 'REVIEW_CLOSED';
