/** As Tencent Cloud documents its user credential report: the spelling, the spaces and the small `l` are the cloud's. */
export const COLUMNS = [
  'Account ID',
  'Username',
  'UserType',
  'CreationTime',
  'PasswordEnabled',
  'PasswordLastRotation',
  'LoginConsoleActive',
  'LoginProtectionActive',
  'OperationProtectionActive',
  'MFADeviceActive',
  'Abnormal LoginsNumWithin30Days',
  ...keyColumns(1),
  ...keyColumns(2),
  'Last Console Login Time',
] as const;

/** The international site writes the first column in one word, and has no last one. */
export const INTERNATIONAL_ID = 'AccountID';
export const INTERNATIONAL_COLUMNS = [INTERNATIONAL_ID, ...COLUMNS.slice(1, -1)] as const;

function keyColumns(slot: 1 | 2) {
  const key = `AccessKey${slot}` as const;
  return [
    `${key}SecretId`,
    `${key}MayBeAtRisk`,
    `${key}CreationTime`,
    `${key}Status`,
    `${key}lastUsedDate`,
    `${key}CreatedOver90Days`,
    `${key}CreatedOver30Days`,
  ] as const;
}

/** Without these a table says too little to be compared with another. */
const OPTIONAL = [/^Abnormal /, /MayBeAtRisk$/, /CreatedOver\d+Days$/, /^Last Console Login Time$/];

export function isRequired(column: string): boolean {
  return !OPTIONAL.some((pattern) => pattern.test(column));
}

/** Where each column stands in a row; -1 where the report has none. */
export interface Layout {
  readonly id: number;
  readonly name: number;
  readonly type: number;
  readonly createdAt: number;
  readonly passwordChangedAt: number;
  readonly console: number;
  readonly loginProtection: number;
  readonly operationProtection: number;
  readonly mfa: number;
  readonly abnormalLogins: number;
  readonly lastLoginAt: number;
  readonly keys: readonly KeyLayout[];
}

export interface KeyLayout {
  readonly slot: number;
  readonly id: number;
  readonly atRisk: number;
  readonly createdAt: number;
  readonly status: number;
  readonly lastUsedAt: number;
}

export function layoutOf(header: readonly string[]): Layout {
  const at = (name: string) => header.indexOf(name);
  return {
    id: Math.max(at('Account ID'), at(INTERNATIONAL_ID)),
    name: at('Username'),
    type: at('UserType'),
    createdAt: at('CreationTime'),
    passwordChangedAt: at('PasswordLastRotation'),
    console: at('LoginConsoleActive'),
    loginProtection: at('LoginProtectionActive'),
    operationProtection: at('OperationProtectionActive'),
    mfa: at('MFADeviceActive'),
    abnormalLogins: at('Abnormal LoginsNumWithin30Days'),
    lastLoginAt: at('Last Console Login Time'),
    keys: [1, 2].map((slot) => ({
      slot,
      id: at(`AccessKey${slot}SecretId`),
      atRisk: at(`AccessKey${slot}MayBeAtRisk`),
      createdAt: at(`AccessKey${slot}CreationTime`),
      status: at(`AccessKey${slot}Status`),
      lastUsedAt: at(`AccessKey${slot}lastUsedDate`),
    })),
  };
}
