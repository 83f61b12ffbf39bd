import type { Event } from '../../domain/event.ts';
import { cloudNamed } from './parts.ts';
import { member, members, part } from './text.ts';

const AWS_ACCOUNT = members({ type_id: 10, type: 'AWS Account' });
const ARN_PARTITION = /^arn:([a-z][a-z0-9-]{0,30}):/;

/** The account, its alias and its labels. OCSF knows no other cloud's accounts by a number of their own. */
export function cloudOf({ provider, id, name, labels }: Event['account']): string {
  const cloud = cloudNamed(provider);
  const type = provider === 'aws' ? AWS_ACCOUNT : members({ type_id: 99, type: `${cloud} Account` });
  const tags = Object.entries(labels).map(([name, value]) => ({ name, value }));
  return (
    member('provider', cloud) +
    part('account', member('uid', id) + member('name', name) + type + (tags.length === 0 ? '' : member('tags', tags)))
  );
}

/** IAM is of no region: this is how AWS's own endpoints name it. */
export function regionOf(identity: Event['identity']): string | undefined {
  const partition = ARN_PARTITION.exec(identity?.id ?? '')?.[1];
  return partition === undefined ? undefined : `${partition}-global`;
}
