/** Roles that a service makes for itself are called so. */
export const SERVICE_LINKED = /^AliyunServiceRoleFor/i;

/** Permissions that are no call: nothing ever records their use. */
const NO_CALLS: ReadonlySet<string> = new Set(['ram:passrole']);

/** Calls that check permissions of other services: those checks are recorded nowhere. */
const CHECKING: Readonly<Record<string, readonly string[]>> = {
  resourcecenter: [
    'SearchResources',
    'GetResourceCounts',
    'GetResourceConfiguration',
    'ListResourceTypes',
    'ExecuteSQLQuery',
  ],
  resourcemanager: ['ListResources'],
  tag: ['ListTagResources', 'ListTagKeys', 'ListTagValues'],
};

const CONTROL_ONLY = 'calls of the data plane are not recorded';
const CHECKS = 'it checks permissions in other services, and those checks are not recorded as uses of them';

export function isNoCall(service: string, action: string): boolean {
  return NO_CALLS.has(`${service}:${action}`.toLowerCase());
}

/** What a row about this service or action cannot show, whoever it is about. */
export function addedWhy(service: string, action: string | undefined, isUsed: boolean): readonly string[] {
  const checking = Object.hasOwn(CHECKING, service) ? (CHECKING[service] ?? []) : [];
  const isChecking = action === undefined ? checking.length > 0 : checking.includes(action);
  return [
    ...(service.includes('*')
      ? ['every such service, also those that no other row names; its last use is that of any of them']
      : []),
    ...(action !== undefined && isNoCall(service, action) ? ['no use of it is ever recorded'] : []),
    ...(isUsed ? [] : [CONTROL_ONLY]),
    ...(isChecking ? [CHECKS] : []),
  ];
}
