import type { Organization } from '../domain/organization.ts';
import type { OrganizationPlugin, Provider } from '../providers/provider.ts';
import { rejectProvider } from './accounts.ts';
import type { Diagnostics } from './diagnostics.ts';
import { child, type Located, type LocatedMap, textOf } from './located.ts';
import { type OrganizationCore, organizationCore } from './organization-core.ts';
import { type Keys, keysOfSchema, parseBoth } from './plugin-keys.ts';
import { reportsOf } from './reports.ts';
import { Unique } from './unique.ts';

interface Reader {
  readonly provider: Provider;
  readonly plugin: OrganizationPlugin;
  readonly core: Keys<OrganizationCore>;
  readonly settings: Keys<unknown>;
}

/** Every organisation of the list. `defaults` are an account's and do not apply. */
export function organizationsOf(
  list: Located | undefined,
  providers: readonly Provider[],
  diagnostics: Diagnostics,
): readonly Organization[] {
  const readers = new Map(providers.flatMap(readerOf).map((reader) => [reader.provider.name, reader]));
  const names = new Unique('organization name', diagnostics);
  const organizations: Organization[] = [];
  for (const item of list?.kind === 'list' ? list.items : []) {
    if (item.kind !== 'map') {
      diagnostics.reject(item, 'must be a mapping with a provider and a name');
      continue;
    }
    const reader = readers.get(textOf(child(item, 'provider')) ?? '');
    if (reader === undefined) {
      rejectProvider(item, [...readers.keys()], diagnostics);
      continue;
    }
    const name = child(item, 'name');
    const nameText = textOf(name);
    if (name !== undefined && nameText !== undefined) names.add(nameText, name, reader.provider.name);
    organizations.push(...organizationOf(item, reader, diagnostics));
  }
  return organizations;
}

function readerOf(provider: Provider): readonly Reader[] {
  const plugin = provider.organization;
  if (plugin === undefined) return [];
  const core: Keys<OrganizationCore> = keysOfSchema(organizationCore(provider));
  return [{ provider, plugin, core, settings: keysOfSchema(plugin.settings) }];
}

function organizationOf(item: LocatedMap, reader: Reader, diagnostics: Diagnostics): readonly Organization[] {
  const { common, own } = parseBoth(item, reader.core, reader.settings, diagnostics);
  if (common === undefined || own === undefined) return [];
  const read = {
    provider: reader.provider.name,
    name: common.name,
    members: common.members,
    managementAccount: common.management_account,
    labels: common.labels,
    labelsFromTags: common.labels_from_tags,
    exclude: common.exclude.map(({ account_id: accountId, ...rest }) => ({ accountId, ...rest })),
    reports: {},
    settings: own.settings,
  };
  const isReal = reader.provider.isRealCloud(reader.plugin.member(read, '0'));
  const reports = reportsOf(item, common.reports, reader.provider, isReal, diagnostics);
  return [{ ...read, reports }];
}
