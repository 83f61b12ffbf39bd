import type { Xml } from './aws-query.ts';
import { type IamCall, userXml } from './iam-identities.ts';
import { usersByName } from './model.ts';
import { pageOf } from './paging.ts';

/** Users with their tags and a policy that nobody needs; of roles, groups and policies there are none. */
export function getAccountAuthorizationDetails(call: IamCall): Xml {
  const filter = [...call.form].filter(([name]) => name.startsWith('Filter.member.')).map(([, value]) => value);
  const isAsked = filter.length === 0 || filter.includes('User');
  const page = pageOf(call.form, isAsked ? usersByName(call.account) : [], (user) => user.name.toLowerCase());
  const users = page.members.map((user) => ({
    ...(userXml(call, user) as { readonly [name: string]: Xml }), // an element of members
    UserPolicyList: [{ PolicyName: 'inline', PolicyDocument: '%7B%22Version%22%3A%222012-10-17%22%7D' }],
    GroupList: [],
    AttachedManagedPolicies: [],
    Tags: [...user.tags].map(([Key, Value]) => ({ Key, Value })),
  }));
  const none = { GroupDetailList: [], RoleDetailList: [], Policies: [] };
  return { UserDetailList: users, ...none, ...page.tail };
}
