import { type CredentialRecord, type Field, valueOf } from '../domain/record.ts';
import type { Change } from './change.ts';

/** Flags that only some clouds have. `before` is undefined for a user that came: of it only abnormal sign-ins are news. */
export function protectionChanges(before: CredentialRecord | undefined, after: CredentialRecord): readonly Change[] {
  return [
    ...(before === undefined ? [] : switches(before, after)),
    ...abnormal(before === undefined ? false : told(before.abnormalLogins), after),
  ];
}

function switches(before: CredentialRecord, after: CredentialRecord): readonly Change[] {
  return [
    ...switched('login_protection', after, told(before.loginProtection), told(after.loginProtection)),
    ...switched('operation_protection', after, told(before.operationProtection), told(after.operationProtection)),
  ];
}

function switched(
  name: 'login_protection' | 'operation_protection',
  record: CredentialRecord,
  was: boolean | undefined,
  is: boolean | undefined,
): readonly Change[] {
  if (was === undefined || is === undefined || was === is) return [];
  return [
    {
      type: `${name}.${is ? 'enabled' : 'disabled'}`,
      record,
      before: { data: { [name]: was }, facts: [was] },
      after: { data: { [name]: is }, facts: [is] },
    },
  ];
}

function abnormal(was: boolean | undefined, record: CredentialRecord): readonly Change[] {
  if (was !== false || told(record.abnormalLogins) !== true) return [];
  const side = (value: boolean) => ({ data: { abnormal_logins: value }, facts: [value] });
  return [{ type: 'login.abnormal', record, before: side(false), after: side(true) }];
}

function told(field: Field<boolean> | undefined): boolean | undefined {
  return field === undefined ? undefined : valueOf(field);
}
