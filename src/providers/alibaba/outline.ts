import { knownText } from '../../kit/known-text.ts';
import type { Outline } from '../provider.ts';
import type { Auth } from './auth.ts';
import { endpointsOf } from './endpoints.ts';
import type { Settings } from './settings.ts';

const MOST_SKEW_MS = 15 * 60_000;

export function outline({ auth, endpoint, region }: Settings): Outline {
  const isCutDown = auth.kind === 'assume_role' || auth.kind === 'oidc';
  return { endpoint: endpointsOf(endpoint, region).ims, keyIds: keyIdsOf(auth), isCutDown, mostSkewMs: MOST_SKEW_MS };
}

/** Those that do not expire by themselves. */
function keyIdsOf(auth: Auth): readonly string[] {
  switch (auth.kind) {
    case 'assume_role':
      return keyIdsOf(auth.base);
    case 'access_key':
      return auth.securityToken === undefined ? [knownText(auth.accessKeyId) ?? []].flat() : [];
    case 'ecs_ram_role':
    case 'oidc':
    case 'credentials_uri':
    case 'chain':
      return [];
  }
}
