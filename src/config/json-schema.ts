import type { z } from 'zod';
import { accountCore } from './account-core.ts';
import { organizationCore } from './organization-core.ts';
import type { Registries } from './registries.ts';
import { DEFINITIONS, type Shape, writtenShape } from './shape.ts';
import { sinkCore } from './sinks.ts';
import { top } from './top.ts';

const OF_ONE_ACCOUNT = ['provider', 'account_id', 'name'];

/** The JSON Schema (draft 7, which editors know) of the YAML, for these registries. */
export function jsonSchema(registries: Registries): object {
  const { properties = {}, ...rest } = writtenShape(top(registries));
  const plugins = [
    ...registries.providers.map((one) => own(one.settings, one.name)),
    ...registries.providers.flatMap(({ organization, name }) =>
      organization === undefined ? [] : [own(organization.settings, `${name}-organization`)],
    ),
    ...registries.sinkPlugins.map((one) => own(one.settings, one.type)),
  ];
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Muster',
    ...rest,
    properties: {
      ...properties,
      defaults: defaultsSchema(registries),
      accounts: { type: 'array', items: { anyOf: accountSchemas(registries) } },
      organizations: listOf(organizationSchemas(registries)),
      sinks: { type: 'array', items: { anyOf: sinkSchemas(registries) } },
    },
    definitions: Object.assign({}, ...plugins.map((one) => one.definitions ?? {})) as object,
  };
}

function accountSchemas({ providers }: Registries): readonly Shape[] {
  return providers.map((provider) =>
    joined(writtenShape(accountCore(provider)), own(provider.settings, provider.name)),
  );
}

/** No provider may have it: then the list is empty. */
function listOf(anyOf: readonly Shape[]): Shape {
  return anyOf.length === 0 ? { type: 'array', maxItems: 0 } : { type: 'array', items: { anyOf } };
}

function organizationSchemas({ providers }: Registries): readonly Shape[] {
  return providers.flatMap((provider) =>
    provider.organization === undefined
      ? []
      : [
          joined(
            writtenShape(organizationCore(provider)),
            own(provider.organization.settings, `${provider.name}-organization`),
          ),
        ],
  );
}

function sinkSchemas(registries: Registries): readonly Shape[] {
  const core = writtenShape(sinkCore(registries));
  return registries.sinkPlugins.map((plugin) => {
    const type = { properties: { type: { type: 'string', const: plugin.type } } };
    return joined(
      { ...core, properties: { ...core.properties, ...type.properties } },
      own(plugin.settings, plugin.type),
    );
  });
}

/** A plugin's own keys; its definitions under names of their own, because all end up in one place. */
function own(settings: z.ZodType, plugin: string): Shape {
  const { definitions = {}, ...shape } = writtenShape(settings);
  const renamed = Object.entries(definitions).map(([name, one]) => [`${plugin}-${name}`, one] as const);
  const json = JSON.stringify({ ...shape, definitions: Object.fromEntries(renamed) });
  return JSON.parse(json.replaceAll(DEFINITIONS, `${DEFINITIONS}${plugin}-`)) as Shape; // it was one
}

/** What is required may come from the account, so nothing is required here. */
function defaultsSchema({ providers }: Registries): Shape {
  const perProvider = providers.map((provider) => {
    const core = writtenShape(accountCore(provider));
    const shared = Object.entries(core.properties ?? {}).filter(([key]) => !OF_ONE_ACCOUNT.includes(key));
    const whole = joined({ ...core, properties: Object.fromEntries(shared) }, own(provider.settings, provider.name));
    return [provider.name, optional(whole)] as const;
  });
  return { type: 'object', properties: Object.fromEntries(perProvider), additionalProperties: false };
}

/** One closed mapping with the keys of both; a settings schema that is no plain mapping leaves it open. */
function joined(core: Shape, settings: Shape): Shape {
  const isPlain = settings.properties !== undefined || settings.anyOf === undefined;
  if (!isPlain) return { allOf: [core, { anyOf: settings.anyOf ?? [] }] };
  return {
    type: 'object',
    properties: { ...core.properties, ...settings.properties },
    required: [...(core.required ?? []), ...(settings.required ?? [])],
    additionalProperties: false,
  };
}

function optional(shape: Shape): Shape {
  const { required: _, ...rest } = shape;
  const below = Object.entries(rest.properties ?? {}).map(([key, one]) => [key, optional(one)] as const);
  const anyOf = rest.anyOf?.map(optional);
  return {
    ...rest,
    ...(below.length === 0 ? {} : { properties: Object.fromEntries(below) }),
    ...(anyOf === undefined ? {} : { anyOf }),
  };
}
