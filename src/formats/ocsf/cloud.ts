import type { Event } from '../../domain/event.ts';
import { cloudNamed, type Part } from './parts.ts';

const AWS_ACCOUNT = { type_id: 10, type: 'AWS Account' };
const ARN_PARTITION = /^arn:([a-z][a-z0-9-]{0,30}):/;

/** The account, its alias and its labels. OCSF knows no other cloud's accounts by a number of their own. */
export function cloudOf(account: Event['account']): Part {
  const name = cloudNamed(account.provider);
  const labels = Object.entries(account.labels);
  return {
    provider: name,
    account: {
      uid: account.id,
      name: account.name,
      ...(account.provider === 'aws' ? AWS_ACCOUNT : { type_id: 99, type: `${name} Account` }),
      ...(labels.length === 0 ? {} : { tags: labels.map(([label, value]) => ({ name: label, value })) }),
    },
  };
}

/** IAM is of no region: this is how AWS's own endpoints name it. */
export function regionOf(identity: Event['identity']): string | undefined {
  const partition = ARN_PARTITION.exec(identity?.id ?? '')?.[1];
  return partition === undefined ? undefined : `${partition}-global`;
}
