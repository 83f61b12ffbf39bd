export type DatadogType = 'string' | 'bool' | 'timestamp';

/** One data set of Datadog: a row for each identity, a field for each column of the cloud's report. */
export interface DatadogTable {
  readonly name: string;
  readonly columns: readonly DatadogColumn[];
  /** Columns that only some reports have. */
  readonly further?: { readonly pattern: RegExp; readonly typeOf: (column: string) => DatadogType };
}

/** A column of the report, and the id of its field. Where the cell needs more than itself to be read, `record` says where its value stands. */
type DatadogColumn = readonly [column: string, type: DatadogType, field: string, record?: RecordPath];
/** A field of the event's `data`, or one of the key of a slot. */
export type RecordPath = string | readonly [slot: number, field: string];

type Columns = DatadogTable['columns'];

function fields(type: DatadogType, ...columns: readonly string[]): Columns {
  return columns.map((column) => [column, type, column]);
}

function awsKey(slot: number): Columns {
  const key = `access_key_${slot}`;
  return [
    ...fields('bool', `${key}_active`),
    ...fields('timestamp', `${key}_last_rotated`, `${key}_last_used_date`),
    ...fields('string', `${key}_last_used_region`, `${key}_last_used_service`),
  ];
}

/** As Datadog documents it; `_key`, `account_id` and `tags` are added to every table's rows. */
const AWS: DatadogTable = {
  name: 'aws.iam_credential_report',
  columns: [
    ...awsKey(1),
    ...awsKey(2),
    ...fields('string', 'arn'),
    ...fields('bool', 'cert_1_active'),
    ...fields('timestamp', 'cert_1_last_rotated'),
    ...fields('bool', 'cert_2_active'),
    ...fields('timestamp', 'cert_2_last_rotated'),
    ...fields('bool', 'mfa_active', 'password_enabled'),
    ...fields('timestamp', 'password_last_changed', 'password_last_used', 'password_next_rotation'),
    ...fields('string', 'user'),
    ...fields('timestamp', 'user_creation_time'),
  ],
};

function alibabaKey(prefix: string): Columns {
  return [
    ...fields('bool', `${prefix}_exist`, `${prefix}_active`),
    ...fields('timestamp', `${prefix}_last_rotated`, `${prefix}_last_used`),
  ];
}

const ALIBABA: DatadogTable = {
  name: 'alibaba.ram_credential_report',
  columns: [
    ...fields('string', 'user'),
    ...fields('timestamp', 'user_creation_time', 'user_last_logon'),
    ...fields('bool', 'password_exist', 'password_active'),
    ...fields('timestamp', 'password_last_changed', 'password_next_rotation'),
    ...fields('bool', 'mfa_active'),
    ...alibabaKey('access_key_1'),
    ...alibabaKey('access_key_2'),
  ],
  further: {
    pattern: /^additional_access_key_\d{1,3}_(?:exist|active|last_rotated|last_used)$/,
    typeOf: (column) => (/_(?:exist|active)$/.test(column) ? 'bool' : 'timestamp'),
  },
};

function tencentKey(slot: number): Columns {
  const [column, field] = [`AccessKey${slot}`, `access_key_${slot}`];
  return [
    [`${column}SecretId`, 'string', `${field}_secret_id`],
    [`${column}MayBeAtRisk`, 'bool', `${field}_may_be_at_risk`],
    [`${column}CreationTime`, 'timestamp', `${field}_creation_time`, [slot, 'created_at']],
    [`${column}Status`, 'string', `${field}_status`],
    [`${column}lastUsedDate`, 'timestamp', `${field}_last_used_date`, [slot, 'last_used_at']],
    [`${column}CreatedOver90Days`, 'bool', `${field}_created_over_90_days`],
    [`${column}CreatedOver30Days`, 'bool', `${field}_created_over_30_days`],
  ];
}

/** Tencent's columns have spaces and mixed case: their fields are written as those of the other clouds. Its dates have no zone: the record's have. */
const TENCENT: DatadogTable = {
  name: 'tencent.cam_credential_report',
  columns: [
    ['Account ID', 'string', 'user_account_id'],
    ['AccountID', 'string', 'user_account_id'],
    ['Username', 'string', 'username'],
    ['UserType', 'string', 'user_type'],
    ['CreationTime', 'timestamp', 'creation_time', 'created_at'],
    ['PasswordEnabled', 'bool', 'password_enabled'],
    ['PasswordLastRotation', 'timestamp', 'password_last_rotation', 'password_changed_at'],
    ['LoginConsoleActive', 'bool', 'login_console_active'],
    ['LoginProtectionActive', 'bool', 'login_protection_active'],
    ['OperationProtectionActive', 'bool', 'operation_protection_active'],
    ['MFADeviceActive', 'bool', 'mfa_device_active'],
    ['Abnormal LoginsNumWithin30Days', 'bool', 'abnormal_logins_num_within_30_days'],
    ...tencentKey(1),
    ...tencentKey(2),
    ['Last Console Login Time', 'timestamp', 'last_console_login_time', 'console_last_used_at'],
  ],
};

export const TABLES: ReadonlyMap<string, DatadogTable> = new Map([
  ['aws', AWS],
  ['alibaba', ALIBABA],
  ['tencent', TENCENT],
]);
