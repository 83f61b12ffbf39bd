/** One import, however it is written: static, type-only, re-exported, dynamic, or `require`. */
export interface Import {
  readonly specifier: string;
  /** Names taken from the module; `*` stands for all of it (a namespace, a default, `import()`). */
  readonly names: readonly string[];
  readonly line: number;
}

export interface Token {
  readonly kind: 'word' | 'mark' | 'text';
  readonly text: string;
  readonly line: number;
}

const OPENS_REGEX = new Set([
  'return',
  'typeof',
  'case',
  'in',
  'of',
  'delete',
  'void',
  'throw',
  'new',
  'await',
  'else',
]);

/** Splits TypeScript into words, marks and string contents; comments and regular expressions are left out. Enough to find imports and calls. */
export function tokens(source: string): Token[] {
  const found: Token[] = [];
  const scan =
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|[A-Za-z_$][\w$]*|\d[\w.]*|\s+|[\s\S]/gy;
  let line = 1;
  const templates: number[] = [];
  let depth = 0;
  for (let match = scan.exec(source); match !== null; match = scan.exec(source)) {
    let text = match[0];
    const start = match.index;
    if (text === '`' || (text === '}' && templates.at(-1) === depth)) {
      if (text === '}') templates.pop();
      text = templatePiece(source, start);
      if (text.endsWith('${')) templates.push(depth);
      found.push({ kind: 'text', text: text.slice(1, text.endsWith('${') ? -2 : -1), line });
    } else if (text === '/' && beginsRegex(found.at(-1))) {
      text = regexLiteral(source, start);
      found.push({ kind: 'text', text: '', line });
    } else if (/^['"]/.test(text) && text.length > 1) {
      found.push({ kind: 'text', text: text.slice(1, -1), line });
    } else if (!/^(\s|\/\/|\/\*)/.test(text)) {
      if (text === '{') depth += 1;
      if (text === '}') depth -= 1;
      found.push({ kind: /^[\w$]/.test(text) ? 'word' : 'mark', text, line });
    }
    scan.lastIndex = start + text.length;
    line += text.split('\n').length - 1;
  }
  return found;
}

/** From a backtick or a closing brace to the next `${` or the closing backtick. */
function templatePiece(source: string, start: number): string {
  const piece = /(?:\\[\s\S]|(?!\$\{)[^`\\])*(?:\$\{|`)/y;
  piece.lastIndex = start + 1;
  return source[start] + (piece.exec(source)?.[0] ?? '');
}

function regexLiteral(source: string, start: number): string {
  const literal = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y;
  literal.lastIndex = start;
  return literal.exec(source)?.[0] ?? '/';
}

function beginsRegex(before: Token | undefined): boolean {
  if (before === undefined) return true;
  if (before.kind === 'mark') return !')]}'.includes(before.text);
  return before.kind === 'word' && OPENS_REGEX.has(before.text);
}

/** A computed `import(name)` has the specifier `<computed>`. */
export function importsIn(all: readonly Token[]): Import[] {
  const found: Import[] = [];
  for (const [at, token] of all.entries()) {
    if (token.kind !== 'word' || all[at - 1]?.text === '.') continue;
    if (token.text === 'from' && all[at + 1]?.kind === 'text') {
      const names = clauseBefore(all, at);
      if (names !== undefined) found.push({ specifier: all[at + 1]!.text, names, line: token.line });
    }
    if (token.text === 'import' && all[at + 1]?.kind === 'text') {
      found.push({ specifier: all[at + 1]!.text, names: [], line: token.line });
    }
    if ((token.text === 'import' || token.text === 'require') && all[at + 1]?.text === '(') {
      const argument = all[at + 2];
      const specifier = argument?.kind === 'text' && all[at + 3]?.text === ')' ? argument.text : '<computed>';
      found.push({ specifier, names: ['*'], line: token.line });
    }
  }
  return found;
}

/** The names between `import` or `export` and `from`; undefined when this `from` is an ordinary word. */
function clauseBefore(all: readonly Token[], from: number): readonly string[] | undefined {
  let at = from - 1;
  while (at >= 0 && isClause(all[at]!)) at -= 1;
  if (all[at]?.text !== 'import' && all[at]?.text !== 'export') return undefined;
  const clause = all.slice(at + 1, from).filter((token) => token.text !== 'type');
  const braced = clause.findIndex((token) => token.text === '{');
  const outside = braced === -1 ? clause : clause.slice(0, braced);
  const inside = braced === -1 ? [] : clause.slice(braced + 1);
  const named = inside.filter(
    (token, i) => token.kind === 'word' && token.text !== 'as' && inside[i - 1]?.text !== 'as',
  );
  return [...(outside.length > 0 ? ['*'] : []), ...named.map((token) => token.text)];
}

function isClause(token: Token): boolean {
  if (token.kind === 'text') return false;
  if (token.kind === 'mark') return '{},*'.includes(token.text);
  return token.text !== 'import' && token.text !== 'export';
}

export type Ambient = 'process.env' | 'Date.now()' | 'new Date()' | 'Math.random()';

/** Uses of the world around the process that only some places may make. */
export function ambientIn(all: readonly Token[]): { readonly what: Ambient; readonly line: number }[] {
  const found: { what: Ambient; line: number }[] = [];
  for (const [at, { text, kind, line }] of all.entries()) {
    if (kind !== 'word') continue;
    const next = all.slice(at + 1, at + 4).map((token) => token.text);
    if (text === 'process' && reads(next, 'env')) found.push({ what: 'process.env', line });
    if (text === 'Date' && reads(next, 'now')) found.push({ what: 'Date.now()', line });
    if (text === 'Math' && reads(next, 'random')) found.push({ what: 'Math.random()', line });
    if (text === 'new' && next[0] === 'Date' && !(next[1] === '(' && next[2] !== ')')) {
      found.push({ what: 'new Date()', line });
    }
  }
  return found;
}

/** `.name`, `?.name`, `['name']`. */
function reads(next: readonly string[], name: string): boolean {
  const path = next.filter((text) => text !== '?');
  return (path[0] === '.' || path[0] === '[') && path[1] === name;
}
