const OF_USE = 'ServiceNameCn, ServiceNameEn, Source, Detail but its acsRegion';
const OF_THING = 'Source, Detail but its acsRegion';

/** For the manifest: what is dropped of each answer. */
export const CUT = {
  users: 'ListUsers.Users: DisplayName, Comments, Email, MobilePhone',
  info: `GetAccessKeyLastUsedInfo: AccountId, AccountType, OwnerId, UserName, ${OF_USE}`,
  products: `GetAccessKeyLastUsedProducts.Products: ${OF_USE}`,
  events: `GetAccessKeyLastUsedEvents.Events: ${OF_THING}`,
  addresses: `GetAccessKeyLastUsedIps.Ips: ${OF_THING}`,
  resources: `GetAccessKeyLastUsedResources.Resources: ${OF_THING}`,
  lookedUp: 'LookupEvents.Events: all but who did what, where and when last',
} as const;
