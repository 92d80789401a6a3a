/** The only root whose files may be programs of a platform. */
export const PROGRAM_ROOT = 'backend/';

/** How a native program is told that stands where none may. */
export const describeMisplacedProgram = (format: string): string =>
  `A native program (${format}) outside of ${PROGRAM_ROOT}.`;
