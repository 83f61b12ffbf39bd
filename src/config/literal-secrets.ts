interface Look {
  readonly pattern: RegExp;
  readonly what: string;
}

const LOOKS: readonly Look[] = [
  { pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{8,}/, what: 'an AWS access key id' },
  { pattern: /\bLTAI[A-Za-z0-9]{8,}/, what: 'an Alibaba Cloud access key id' },
  { pattern: /\bAKID[A-Za-z0-9]{8,}/, what: 'a Tencent Cloud secret id' },
  { pattern: /\bwhsec_[A-Za-z0-9+/=_-]{4,}/, what: 'a webhook secret' },
  {
    pattern: /^\s*(?:[Ss]plunk|[Bb]earer|[Bb]asic)\s+(?=\S*(?:[0-9=]|[a-z][A-Z]))\S{8,}/,
    what: 'an authorization token',
  },
  { pattern: /-----BEGIN [A-Z0-9 ]*PRIVATE KEY/, what: 'a private key' },
  { pattern: /:\/\/[^/?#\s:@]*:[^/?#\s@]+@/, what: 'a URL with a password' },
];

/** What secret a text in the YAML looks like; undefined when it looks harmless. */
export function looksSecret(text: string): string | undefined {
  return LOOKS.find((look) => look.pattern.test(text))?.what;
}

/** An access key id, whole and alone. */
export function looksKeyId(text: string): boolean {
  return /^(?:AKIA|ASIA|LTAI|AKID)[A-Za-z0-9]{8,64}$/.test(text);
}
