/**
 * A count with what is counted: "1 tenant is", "3 tenants are", "1,200 tenants are".
 *
 * @param many what follows every other number; `one` with an s unless it is given
 */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
