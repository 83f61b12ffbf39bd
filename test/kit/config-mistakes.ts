import { ConfigError } from '../../src/config/config-error.ts';
import { parseConfig } from '../../src/config/load.ts';
import { toyRegistries } from './toy-registries.ts';

/** What is said about a wrong config: `line:column: message`. */
export async function mistakes(
  yaml: string,
  env: NodeJS.ProcessEnv = { MUSTER_ROLE: 'audit-role' },
): Promise<readonly string[]> {
  const failure = await parseConfig(yaml, 'm.yaml', toyRegistries(), env).catch((one: unknown) => one);
  if (!(failure instanceof ConfigError)) throw new Error(`not refused: ${String(failure)}`);
  return failure.message.split('\n').map((line) => line.replace(/^m\.yaml:/, ''));
}
