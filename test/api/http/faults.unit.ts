import { toRefusal } from '../../../api/http/faults';

const withCode = (message: string, code: string): Error => Object.assign(new Error(message), { code });

test.each([
  ['a refused connection', withCode('connect ECONNREFUSED', 'ECONNREFUSED')],
  ['a server that shuts down', withCode('select 1 - terminating connection', '57P01')],
  ['a connection that broke under a query', new Error('select 1 - Connection terminated unexpectedly')],
  [
    'a transaction whose connection is gone',
    new Error('ROLLBACK - Client has encountered a connection error and is not queryable'),
  ],
])('%s is a matter of trying again, not an internal error', (_, error) => {
  expect(toRefusal(error).code).toBe('UNAVAILABLE');
});

test('anything else is an internal error, whatever it quotes', () => {
  expect(toRefusal(new Error('insert into notes values ($1) - syntax error')).code).toBe('INTERNAL');
});
