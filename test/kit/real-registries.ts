import type { Registries } from '../../src/config/registries.ts';
import { checks } from '../../src/derive/checks/registry.ts';
import { CHANGE_TYPES } from '../../src/domain/event-types.ts';
import { formats } from '../../src/formats/registry.ts';
import { providers } from '../../src/providers/registry.ts';
import { secretStores } from '../../src/secrets/registry.ts';
import { sinkPlugins } from '../../src/sinks/registry.ts';

/** What the command line reads a config with. */
export const realRegistries: Registries = {
  providers,
  sinkPlugins,
  checks,
  formats,
  secretStores,
  changeTypes: CHANGE_TYPES,
};
