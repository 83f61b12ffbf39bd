import { Fault } from '../../src/domain/fault.ts';
import { parseInstant } from '../../src/domain/instant.ts';
import type { IamApi, StoredReport } from '../../src/providers/aws/api.ts';

export interface ScriptedUser {
  readonly name: string;
  readonly created: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly keys?: readonly { readonly id: string; readonly created: string; readonly status?: string }[];
}

/** An IAM in memory: what it answers is set by the test, what it was asked is written down. */
export interface ScriptedIam extends IamApi {
  readonly calls: string[];
  /** Taken from the front; the last one stays. */
  states: ('STARTED' | 'INPROGRESS' | 'COMPLETE')[];
  stored: StoredReport[];
  people: ScriptedUser[];
  /** Users that are listed, and gone when their keys are asked for. */
  readonly gone: Set<string>;
  /** Faults by action, thrown as often as they are listed. */
  readonly faults: Map<string, Fault[]>;
  pageSize: number;
  aliasName: string | undefined;
  userCount: number;
  /** ARNs of those who have a virtual MFA device. */
  virtualMfaOf: readonly string[];
}

export function scriptedIam(): ScriptedIam {
  const api: ScriptedIam = {
    calls: [],
    states: ['COMPLETE'],
    stored: [{ is: 'not-present' }],
    people: [],
    gone: new Set(),
    faults: new Map(),
    pageSize: 100,
    aliasName: undefined,
    userCount: 0,
    virtualMfaOf: [],
    async generate() {
      called('GenerateCredentialReport');
      return { State: front(api.states), $metadata: { requestId: `generate-${api.calls.length}` } };
    },
    async report() {
      called('GetCredentialReport');
      return front(api.stored);
    },
    async users(marker) {
      called('ListUsers');
      const at = Number(marker ?? 0);
      const Users = api.people.slice(at, at + api.pageSize).map((user) => ({
        UserName: user.name,
        UserId: `AIDA${user.name}`,
        Arn: `arn:aws:iam::123456789012:user/${user.name}`,
        CreateDate: new Date(parseInstant(user.created) ?? 0),
      }));
      const IsTruncated = at + api.pageSize < api.people.length;
      return { Users, IsTruncated, ...(IsTruncated ? { Marker: String(at + api.pageSize) } : {}) };
    },
    async accessKeys(name) {
      called(`ListAccessKeys ${name}`);
      if (api.gone.has(name)) return 'gone';
      const keys = api.people.find((user) => user.name === name)?.keys ?? [];
      return {
        AccessKeyMetadata: keys.map((key) => ({
          AccessKeyId: key.id,
          Status: key.status ?? 'Active',
          CreateDate: new Date(parseInstant(key.created) ?? 0),
        })),
      };
    },
    async serviceCredentials() {
      called('ListServiceSpecificCredentials');
      return { ServiceSpecificCredentials: [] };
    },
    async userDetails(marker) {
      called('GetAccountAuthorizationDetails');
      const at = Number(marker ?? 0);
      const UserDetailList = api.people.slice(at, at + api.pageSize).map((user) => ({
        Arn: `arn:aws:iam::123456789012:user/${user.name}`,
        CreateDate: new Date(parseInstant(user.created) ?? 0),
        Tags: Object.entries(user.tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
      }));
      const IsTruncated = at + api.pageSize < api.people.length;
      return { UserDetailList, IsTruncated, ...(IsTruncated ? { Marker: String(at + api.pageSize) } : {}) };
    },
    async virtualMfa() {
      called('ListVirtualMFADevices');
      return {
        VirtualMFADevices: api.virtualMfaOf.map((Arn) => ({ SerialNumber: 'arn:aws:iam::1:mfa/x', User: { Arn } })),
      };
    },
    async summary() {
      called('GetAccountSummary');
      return { SummaryMap: { Users: api.userCount } };
    },
    async aliases() {
      called('ListAccountAliases');
      return { AccountAliases: api.aliasName === undefined ? [] : [api.aliasName] };
    },
  };
  return api;

  function called(call: string): void {
    api.calls.push(call);
    const fault = api.faults.get(call.split(' ')[0] ?? '')?.shift();
    if (fault !== undefined) throw fault;
  }
}

export function denied(action: string): Fault {
  return new Fault('denied', `account 123456789012: iam:${action} is denied to these credentials`);
}

function front<T>(list: T[]): T {
  const [first] = list.length > 1 ? list.splice(0, 1) : list;
  if (first === undefined) throw new Error('the script has nothing to answer');
  return first;
}
