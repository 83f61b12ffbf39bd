import { knownText } from '../../kit/known-text.ts';
import type { Outline } from '../provider.ts';
import type { Auth } from './auth.ts';
import type { Settings } from './settings.ts';

const MOST_SKEW_MS = 5 * 60_000;

export function outline({ auth, endpoint, region }: Settings): Outline {
  const isCutDown = auth.kind === 'assume_role' || auth.kind === 'web_identity';
  return { endpoint: endpoint?.iam ?? `AWS (${region})`, keyIds: keyIdsOf(auth), isCutDown, mostSkewMs: MOST_SKEW_MS };
}

/** Those that do not expire by themselves. */
function keyIdsOf(auth: Auth): readonly string[] {
  switch (auth.kind) {
    case 'assume_role':
      return keyIdsOf(auth.base);
    case 'access_key':
      return auth.sessionToken === undefined ? [knownText(auth.accessKeyId) ?? []].flat() : [];
    case 'profile':
    case 'sso':
    case 'web_identity':
    case 'pod_identity':
    case 'chain':
      return [];
  }
}
