import type { ErrorCode } from 'yaml';

/** Our own words for what the YAML parser says: its own quote the file, which may hold a secret. */
export function wordsOf(code: ErrorCode): string {
  return `not valid YAML: ${WORDS[code] ?? 'this was not expected here'}`;
}

const WORDS: Partial<Record<ErrorCode, string>> = {
  BAD_ALIAS: 'an alias (*) needs a name; text that starts with * must be in quotes',
  BAD_DIRECTIVE: 'a line may not start with % here',
  BAD_DQ_ESCAPE: 'an unknown escape in double quotes; use single quotes for text with backslashes',
  BAD_INDENT: 'the indentation is wrong, or a bracket or quote above is not closed',
  BAD_SCALAR_START: 'text that starts with this character must be in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'two "key: value" pairs on one line, or a missing line break; put text with ": " in quotes',
  BLOCK_IN_FLOW: 'inside brackets only { key: value } and [a, b] can be written',
  KEY_OVER_1024_CHARS: 'a key is too long',
  MISSING_CHAR: 'something is missing here: a closing quote, a bracket, a comma, a colon, or a space after it',
  MULTILINE_IMPLICIT_KEY: 'a key must be on one line; is a colon missing after the key?',
  MULTIPLE_ANCHORS: 'a value can have one anchor (&) only',
  MULTIPLE_DOCS: 'more than one document (---) in the file; one is wanted',
  MULTIPLE_TAGS: 'a value can have one tag (!) only',
  RESOURCE_EXHAUSTION: 'nested too deeply',
  TAB_AS_INDENT: 'tabs cannot indent: use spaces',
  TAG_RESOLVE_FAILED: 'tags (!) are not supported; text that starts with ! must be in quotes',
  UNEXPECTED_TOKEN: 'this was not expected here; text with special characters must be in quotes',
};
