import { createPlaces } from '../../../api/releases/timeline/places';

test('a place that was left is free again, and each subject has its own', () => {
  const places = createPlaces(2);
  const leave = places.take('publisher:acme');
  places.take('publisher:acme');
  expect(() => places.take('publisher:acme')).toThrow('2 live timelines are open already');
  places.take('publisher:globex');
  leave();
  places.take('publisher:acme');
  expect(() => places.take('publisher:acme')).toThrow('2 live timelines are open already');
});
