import { Fault } from '../../../domain/fault.ts';
import type { Work } from '../audit/desk.ts';
import { markerOf } from '../audit/identities.ts';
import type { GrantsAnswer } from '../audit-answers.ts';
import type { AuditApi } from '../audit-api.ts';
import { codeBehind } from '../faults.ts';
import type { GrantsPage } from './pages.ts';

/** As many as AWS takes in one call. */
const NAMESPACES_OF_CALL = 200;
const MOST_PAGES = 200;

/** Which policies give an identity its services; once refused, nobody is asked about any more. */
export interface Grants {
  of(arn: string, namespaces: readonly string[]): Promise<GrantsPage>;
  /** AWS's code, when we are not allowed to know. */
  readonly refused: string | undefined;
}

export function grantsOf(api: Pick<AuditApi, 'grants'>, work: Work): Grants {
  let refused: string | undefined;
  return {
    get refused() {
      return refused;
    },
    async of(arn, namespaces) {
      if (refused !== undefined) return { refused };
      try {
        return await ask(arn, namespaces);
      } catch (error) {
        const code = codeBehind(error);
        if (!(error instanceof Fault) || code === undefined) throw error;
        if (error.kind !== 'denied' && error.kind !== 'misconfigured') throw error;
        if (error.kind === 'denied') refused = code;
        return { refused: code };
      }
    },
  };

  async function ask(arn: string, namespaces: readonly string[]): Promise<GrantsPage> {
    const services: Extract<GrantsPage, { services: unknown }>['services'] = [];
    for (let from = 0; from < namespaces.length; from += NAMESPACES_OF_CALL) {
      const batch = namespaces.slice(from, from + NAMESPACES_OF_CALL);
      let marker: string | undefined;
      for (let page = 1; ; page += 1) {
        const asked = { arn, namespaces: batch, marker };
        const answer = await work.ask(() => api.grants(asked, work.signal));
        if (answer === 'gone') return { gone: true };
        services.push(...answer.PoliciesGrantingServiceAccess.map(grantedService));
        marker = markerOf(answer);
        if (marker === undefined) break;
        if (page === MOST_PAGES) throw endless(work);
      }
    }
    return { services };
  }
}

function endless({ desk }: Work): Fault {
  return new Fault('malformed', `account ${desk.accountId}: iam:ListPoliciesGrantingServiceAccess has no end`);
}

/** AWS names the group of a policy that is written into it; of a managed policy it names the ARN only, wherever it is attached. */
function grantedService({ ServiceNamespace, Policies }: GrantsAnswer['PoliciesGrantingServiceAccess'][number]) {
  const policies = Policies.map(({ PolicyName, PolicyArn, EntityType, EntityName }) => ({
    policy: PolicyArn ?? PolicyName,
    ...(EntityType === 'GROUP' && EntityName !== undefined ? { group: EntityName } : {}),
  }));
  return { namespace: ServiceNamespace, policies };
}
