import type { Steps } from './steps.ts';

const CHARS_OF_STEP = 32 * 1024;

/** One text after the other as UTF-8, in steps: the whole of them is never one string. */
export function* encoding(texts: Iterable<string>): Steps<Uint8Array> {
  const encoder = new TextEncoder();
  const pieces: Uint8Array[] = [];
  let piece = '';
  for (const text of texts) {
    piece += text;
    if (piece.length < CHARS_OF_STEP) continue;
    pieces.push(encoder.encode(piece));
    piece = '';
    yield;
  }
  pieces.push(encoder.encode(piece));
  return yield* joined(pieces);
}

function* joined(pieces: readonly Uint8Array[]): Steps<Uint8Array> {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
    yield;
  }
  return whole;
}
