/**
 * The person who stands behind two subjects, such as a publisher and a reviewer; undefined when they have
 * nobody in common. Persons are those for whom their tokens were issued.
 */
export const findSharedPerson = (some: readonly string[], others: readonly string[]): string | undefined =>
  some.find((person) => others.includes(person));
