import { formatSecond } from '../../kit/whole-second.ts';
import { generateAccess, getAccess, listGrants } from './access-reports.ts';
import { listGroups, listRoles } from './audit-lists.ts';
import { AwsError } from './aws-error.ts';
import type { Xml } from './aws-query.ts';
import { getAccountAuthorizationDetails } from './iam-details.ts';
import {
  getAccessKeyLastUsed,
  getAccountSummary,
  getUser,
  type IamCall,
  listAccessKeys,
  listServiceSpecificCredentials,
  listUsers,
  listVirtualMfaDevices,
} from './iam-identities.ts';
import { fetchReport, generateReport } from './report-machine.ts';

type IamAction = (call: IamCall) => Xml;

export const IAM_ACTIONS: ReadonlyMap<string, IamAction> = new Map<string, IamAction>([
  ['GenerateCredentialReport', generateCredentialReport],
  ['GetCredentialReport', getCredentialReport],
  ['ListUsers', listUsers],
  ['GetUser', getUser],
  ['ListAccessKeys', listAccessKeys],
  ['GetAccessKeyLastUsed', getAccessKeyLastUsed],
  ['ListServiceSpecificCredentials', listServiceSpecificCredentials],
  ['ListVirtualMFADevices', listVirtualMfaDevices],
  ['GetAccountSummary', getAccountSummary],
  ['GetAccountAuthorizationDetails', getAccountAuthorizationDetails],
  ['ListRoles', listRoles],
  ['ListGroups', listGroups],
  ['GenerateServiceLastAccessedDetails', generateAccess],
  ['GetServiceLastAccessedDetails', getAccess],
  ['ListPoliciesGrantingServiceAccess', listGrants],
  ['ListOrganizationsFeatures', listOrganizationsFeatures],
  ['ListAccountAliases', ({ account }) => ({ AccountAliases: [account.alias], IsTruncated: false })],
]);

function generateCredentialReport({ world, account }: IamCall): Xml {
  const { state, description } = generateReport(world, account);
  return { State: state, Description: description };
}

function listOrganizationsFeatures({ world, account }: IamCall): Xml {
  const { id, managementId, rootFeatures } = world.organization;
  if (account.id !== managementId)
    throw new AwsError(
      400,
      'AccountNotManagementOrDelegatedAdministrator',
      'The account is neither the management account nor a delegated administrator.',
    );
  return { OrganizationId: id, EnabledFeatures: rootFeatures };
}

function getCredentialReport({ world, account }: IamCall): Xml {
  const report = fetchReport(world, account);
  return {
    Content: report.bytes.toString('base64'),
    ReportFormat: 'text/csv',
    GeneratedTime: formatSecond(report.generatedAt),
  };
}
