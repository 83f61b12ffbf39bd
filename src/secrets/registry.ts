import { awsSecretsManager } from './aws-secrets-manager.ts';
import type { SecretStorePlugin } from './store.ts';

/** Another place for secrets is one file and one line here. */
export const secretStores: readonly SecretStorePlugin[] = [awsSecretsManager];
