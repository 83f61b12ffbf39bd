import { type ChangeType } from '../domain/event-types.ts';

const PLAIN = /^[\p{L}\p{N}._@+=/:-]+$/u;
// Control characters, line separators, and the marks that turn the direction of text around.
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** A name from outside as part of a sentence: unmistakable, and unable to break a line or a terminal. */
export function quoted(name: string): string {
  return PLAIN.test(name) ? name : JSON.stringify(printable(name));
}

export function printable(text: string): string {
  return text.replace(UNPRINTABLE, '');
}

export function who(identity: { readonly kind: string; readonly name: string }): string {
  return identity.kind === 'root' ? 'root' : quoted(identity.name);
}

const PHRASES: Readonly<Record<ChangeType, string>> = {
  'user.created': 'user created:',
  'user.deleted': 'user deleted:',
  'user.renamed': 'user renamed:',
  'console.enabled': 'console sign-in enabled for',
  'console.disabled': 'console sign-in disabled for',
  'password.changed': 'password changed for',
  'mfa.enabled': 'MFA enabled for',
  'mfa.disabled': 'MFA disabled for',
  'access_key.created': 'access key created for',
  'access_key.rotated': 'access key rotated for',
  'access_key.activated': 'access key activated for',
  'access_key.deactivated': 'access key deactivated for',
  'access_key.deleted': 'access key deleted for',
  'access_key.first_used': 'access key used for the first time:',
  'access_key.used_again': 'access key used again after long silence:',
  'access_key.new_region': 'access key used in a region where it was not seen before:',
  'access_key.new_service': 'access key used with a service that it was not seen with before:',
  'access_key.at_risk': 'the cloud says that an access key is at risk:',
  'console.first_login': 'first console sign-in of',
  'console.login_again': 'console sign-in after long silence:',
  'root.signed_in': 'console sign-in by',
  'root.key_used': 'access key used by',
  'login.abnormal': 'abnormal sign-ins of',
  'login_protection.enabled': 'login protection enabled for',
  'login_protection.disabled': 'login protection disabled for',
  'operation_protection.enabled': 'operation protection enabled for',
  'operation_protection.disabled': 'operation protection disabled for',
  'certificate.created': 'signing certificate created for',
  'certificate.activated': 'signing certificate activated for',
  'certificate.deactivated': 'signing certificate deactivated for',
  'certificate.deleted': 'signing certificate deleted for',
  'service_credential.created': 'service-specific credential created for',
  'service_credential.activated': 'service-specific credential activated for',
  'service_credential.deactivated': 'service-specific credential deactivated for',
  'service_credential.deleted': 'service-specific credential deleted for',
};

export function changeMessage(
  type: ChangeType,
  identity: { readonly kind: string; readonly name: string },
  account: string,
  keyId: string | undefined,
): string {
  const key = keyId === undefined ? '' : ` (${quoted(keyId)})`;
  return `${PHRASES[type]} ${who(identity)} in ${quoted(account)}${key}`;
}
