/** Reports that look odd and are whole: made from the true CSV of an account. */
export const WHOLE: Readonly<Record<string, (csv: string) => Buffer | string>> = {
  bom: (csv) => `\uFEFF${csv}`,
  crlf: (csv) => csv.replaceAll('\n', '\r\n'),
  // Real AWS always writes it; other people's fakes, which an account with `endpoint` may be, do not.
  'no-root': (csv) =>
    csv
      .split('\n')
      .filter((line) => !line.startsWith('<root'))
      .join('\n'),
  'newline-at-end': (csv) => `${csv}\n`,
  'unknown-column': (csv) =>
    csv
      .split('\n')
      .map((line, index) => `${line},${index === 0 ? 'moon_phase' : 'full'}`)
      .join('\n'),
};

/** Reports that are not whole, and what Muster must say of each. */
export const BROKEN: Readonly<Record<string, readonly [(csv: string) => Buffer | string, RegExp]>> = {
  empty: [() => '', /empty/],
  'only-header': [(csv) => csv.split('\n')[0]!, /<root_account>/],
  truncated: [(csv) => csv.slice(0, csv.length - 70), /cells where the header has 22/],
  'last-cell-cut': [(csv) => csv.slice(0, -2), /cut short/],
  'doubled-header': [(csv) => `${csv.split('\n')[0]}\n${csv}`, /header stands in the table again/],
  'two-reports': [(csv) => `${csv}\n${csv}`, /header stands in the table again/],
  'latin-1': [(csv) => Buffer.from(csv.replace(/\nalice,/, '\nal\u00efce,'), 'latin1'), /not UTF-8/],
  'utf-16': [(csv) => Buffer.from(`\uFEFF${csv}`, 'utf16le'), /not UTF-8|missing/],
  html: [() => '<!doctype html><html><body>Service unavailable</body></html>', /HTML/],
  'a-column-short': [
    (csv) =>
      csv
        .split('\n')
        .map((line) => line.slice(line.indexOf(',') + 1))
        .join('\n'),
    /column user is missing/,
  ],
  'a-user-twice': [(csv) => `${csv}\n${csv.split('\n').at(-1)}`, /two rows/],
  'somebody-elses': [(csv) => csv.replaceAll(/iam::\d{12}:user/g, 'iam::999999999999:user'), /another account/],
};

/** Users that break careless readers; AWS would not allow all of these. */
export const NAMES = [
  'comma,comma',
  'a "quoted" one',
  '=HYPERLINK(1)',
  '+cmd',
  '@at',
  '__proto__',
  'constructor',
  'toString',
  'Zo\u00eb.M\u00fcller',
  '\u0438\u043c\u044f',
  '\u540d\u524d',
  'tab\tname',
  'x'.repeat(64),
];
