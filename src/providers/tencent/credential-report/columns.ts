import type { TableShape } from '../../../kit/table.ts';
import { REPORT_PART } from './parts.ts';

const LAST = 'Last Console Login Time';

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
  LAST,
] as const;

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

export const SHAPE: TableShape = {
  name: `the part ${REPORT_PART}`,
  columns: COLUMNS,
  spelledBy,
  isRequired: (column) => !OPTIONAL.some((pattern) => pattern.test(column)),
  isKnown: () => false,
};

/** The pages of the two sites differ in spaces, and no file of either was seen. The international one has no last column. */
function spelledBy(header: readonly string[]): readonly string[] {
  const spellings = new Map(header.map((column) => [bare(column), column]));
  const columns = COLUMNS.map((column) => spellings.get(bare(column)) ?? column);
  return header.includes('AccountID') && !spellings.has(bare(LAST)) ? columns.slice(0, -1) : columns;
}

function bare(column: string): string {
  return column.replaceAll(/\s/g, '').toLowerCase();
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
  const bareHeader = header.map(bare);
  const at = (name: string) => bareHeader.indexOf(bare(name));
  return {
    id: at('Account ID'),
    name: at('Username'),
    type: at('UserType'),
    createdAt: at('CreationTime'),
    passwordChangedAt: at('PasswordLastRotation'),
    console: at('LoginConsoleActive'),
    loginProtection: at('LoginProtectionActive'),
    operationProtection: at('OperationProtectionActive'),
    mfa: at('MFADeviceActive'),
    abnormalLogins: at('Abnormal LoginsNumWithin30Days'),
    lastLoginAt: at(LAST),
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
