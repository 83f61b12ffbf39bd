import type { Rule } from '../domain/rules.ts';
import type { Format } from '../formats/format.ts';
import type { Provider } from '../providers/provider.ts';
import type { SecretStorePlugin } from '../secrets/store.ts';
import type { SinkPlugin } from '../sinks/sink.ts';

/** Everything that can be plugged in, as the registries list it: what the config may name. */
export interface Registries {
  readonly providers: readonly Provider[];
  readonly sinkPlugins: readonly SinkPlugin[];
  readonly checks: readonly { readonly id: string; readonly defaults: Rule }[];
  readonly formats: readonly Format[];
  /** Places that references may name beside the environment and files. */
  readonly secretStores?: readonly SecretStorePlugin[];
  readonly changeTypes: readonly string[];
}
