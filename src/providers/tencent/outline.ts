import { knownText } from '../../kit/known-text.ts';
import type { Outline } from '../provider.ts';
import type { Auth } from './auth.ts';
import { environmentKeys } from './environment.ts';
import type { Settings } from './settings.ts';

const MOST_SKEW_MS = 5 * 60_000;

export function outline({ auth, endpoint, site }: Settings): Outline {
  const host = site === 'mainland' ? 'tencentcloudapi.com' : 'intl.tencentcloudapi.com';
  const isCutDown = auth.kind === 'assume_role';
  return {
    endpoint: endpoint?.cam ?? `https://cam.${host}`,
    keyIds: keyIdsOf(auth),
    isCutDown,
    mostSkewMs: MOST_SKEW_MS,
  };
}

/** Those that do not expire by themselves. */
function keyIdsOf(auth: Auth): readonly string[] {
  switch (auth.kind) {
    case 'assume_role':
      return keyIdsOf(auth.base);
    case 'secret':
      return auth.token === undefined ? [knownText(auth.secretId) ?? []].flat() : [];
    case 'environment': {
      const keys = environmentKeys();
      return keys === undefined || keys.token !== undefined ? [] : [keys.secretId];
    }
    case 'cvm_role':
    case 'oidc':
      return [];
  }
}
