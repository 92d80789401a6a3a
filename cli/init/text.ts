/** A text with something in it, without the blanks around it; undefined for anything else. */
export const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
