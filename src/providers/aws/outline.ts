import type { Outline } from '../provider.ts';
import type { Auth, Settings } from './settings.ts';

const MOST_SKEW_MS = 5 * 60_000;

export function outline({ auth, endpoint, region }: Settings): Outline {
  const isCutDown = auth.kind === 'assume_role';
  return { endpoint: endpoint?.iam ?? `AWS (${region})`, keyIds: keyIdsOf(auth), isCutDown, mostSkewMs: MOST_SKEW_MS };
}

/** Those that do not expire by themselves. */
function keyIdsOf(auth: Auth): readonly string[] {
  switch (auth.kind) {
    case 'assume_role':
      return keyIdsOf(auth.base);
    case 'access_key':
      return auth.sessionToken === undefined ? [auth.accessKeyId] : [];
    case 'profile':
    case 'chain':
      return [];
  }
}
