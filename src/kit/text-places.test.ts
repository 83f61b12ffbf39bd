import { expect, test } from 'vitest';
import { TextPlaces } from './text-places.ts';

function placesOf(texts: readonly string[]) {
  const places = new TextPlaces(texts.length, (place) => texts[place]);
  return (text: string) => places.get(text);
}

test('each of many texts is found where it stands, and others are not', () => {
  const texts = Array.from({ length: 5_000 }, (_, index) => `text ${index} of many`);
  const placeOf = placesOf(texts);

  expect(texts.map(placeOf)).toEqual([...texts.keys()]);
  expect(placeOf('text 5000 of many')).toBeUndefined();
});

test('short texts, none, and those that begin alike are told apart', () => {
  const placeOf = placesOf(['', 'a', 'ab', 'beginning alike 1', 'beginning alike 2']);

  expect(['', 'a', 'ab', 'beginning alike 1', 'beginning alike 2', 'b'].map(placeOf)).toEqual([
    0,
    1,
    2,
    3,
    4,
    undefined,
  ]);
});

test('of a text that stands there twice the last place counts', () => {
  expect(placesOf(['a', 'b', 'a'])('a')).toBe(2);
});

test('among no texts nothing is found', () => {
  expect(placesOf([])('a')).toBeUndefined();
});
